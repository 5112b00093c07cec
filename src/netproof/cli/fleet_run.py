"""`netproof fleet`: what the user wrote becomes files, names, moments, logs and policies; then the answer."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.cli.policies import read_policy_file
from netproof.errors import ReportError
from netproof.integrity.audit import open_source
from netproof.integrity.compared import compared
from netproof.pipeline.fleet import fleet, read
from netproof.pipeline.fleet_observations import Given, identified
from netproof.pipeline.request import date_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from netproof.integrity.compared import Compared
    from netproof.pipeline.stages import Progress
    from netproof.tlog.policy import Policy

ANSWER = "fleet"
_PCR_BYTES = (20, 32, 48, 64)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for, as it was written.

    Attributes:
        observations: FILE or NAME=FILE.
        quotes: NAME=HEX.
        policies: One for all logs, or one each.
    """

    net: Path
    observations: tuple[str, ...] = ()
    identify: Path | None = None
    observed_at: datetime | None = None
    quotes: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    policies: tuple[Path, ...] = ()
    as_of: date | None = None
    listed: int = 1000
    report_format: str = "terminal"
    output: Path | None = None


def run(wish: Wish) -> int:
    """Tell how the fleet stands to the log, and return the exit code."""
    check_wish(ANSWER, wish.report_format, wish.output)
    given = files(wish.observations, quoted(wish.quotes))
    policies = policies_of(wish.compare, wish.policies)
    as_of = date_of(wish.net, wish.as_of, datetime.now(UTC).astimezone().date())
    moment = wish.observed_at or datetime.combine(as_of, time(23, 59, 59))
    with messages.progress() as progress:
        loaded = read(wish.net, as_of, progress)
        seen = identified(
            loaded.store, given, wish.identify, moment.replace(tzinfo=UTC), lambda *at: progress("read", *at)
        )
        others = [
            _compared(where, policy, progress) for where, policy in zip(wish.compare, policies, strict=True)
        ]
        rows = [row for other in others for row in other.rows]
        model = fleet(loaded, observations=seen, compared=rows, listed=wish.listed)
    tell(ANSWER, model, wish.report_format, wish.output)
    return exit_codes.PASSED if model["outcome"] == "pass" else exit_codes.FOUND


def files(written: Sequence[str], quotes: dict[str, bytes]) -> tuple[Given, ...]:
    """Return the files of observations.

    Args:
        written: FILE or NAME=FILE; a file whose name holds `=` is meant where it is there.
        quotes: By name, PCR 10.

    Raises:
        ReportError: A quote is for no file.
    """
    found = []
    names = set()
    for text in written:
        name, equals, file = text.partition("=")
        if not equals or not name or not file or Path(text).is_file():
            name, file = "", text
        names.add(name)
        found.append(Given(Path(file), name, quotes.get(name, b"")))
    for name in quotes:
        if name not in names:
            raise ReportError(
                f"--quote: expected the name of a list, got {name!r}",
                hint=f"give the list as --observations {name}=FILE",
            )
    return tuple(found)


def quoted(written: Sequence[str]) -> dict[str, bytes]:
    """Return the quoted values of PCR 10 by name.

    Raises:
        ReportError: One is not NAME=HEX, or a name stands twice.
    """
    found: dict[str, bytes] = {}
    for text in written:
        name, _, digits = text.partition("=")
        try:
            value = bytes.fromhex(digits)
        except ValueError:
            value = b""
        if not name or len(value) not in _PCR_BYTES or name in found:
            raise ReportError(
                f"--quote: expected NAME=HEX, each name once, with a digest in hexadecimal, got {text!r}"
            )
        found[name] = value
    return found


def policies_of(logs: Sequence[str], paths: Sequence[Path]) -> tuple[Policy, ...]:
    """Return the policy for each log.

    Raises:
        ReportError: There is none, or another number of them than of logs.
        SourceError: One cannot be read.
        LogError: One is malformed.
    """
    if logs and not paths:
        raise ReportError(
            "--compare: expected --compare-policy FILE, got none",
            hint="a policy that lies beside a log lets it choose its own judges: write down which key and "
            "witnesses of that operator you accept, got on another way than the log",
        )
    if paths and not logs:
        raise ReportError(
            "--compare-policy: expected --compare too, got none",
            hint="--compare names the other operator's log: a folder or an address",
        )
    if len(paths) not in {1, len(logs)}:
        raise ReportError(
            f"--compare-policy: expected one for all logs or one each, got {len(paths)} for {len(logs)} logs"
        )
    read = [read_policy_file(path)[1] for path in paths]
    return tuple(read if len(read) == len(logs) else read * len(logs))


def _compared(where: str, policy: Policy, progress: Progress) -> Compared:
    """Read another operator's log."""
    with closing(open_source(where)) as source:
        return compared(source, policy, progress=lambda done, total: progress("read", where, done, total))
