"""Where a witness listens."""

from __future__ import annotations

import pytest

from netproof.errors import SourceError
from netproof.integrity.witness.serving import serve


class StoppedError(Exception):
    """Ends a server as soon as it listens."""


@pytest.mark.parametrize(
    ("host", "want"),
    [("127.0.0.1", "http://127.0.0.1:"), ("localhost", "http://localhost:"), ("::1", "http://[::1]:")],
)
def test_the_address_is_told_once_connections_are_taken(host: str, want: str) -> None:
    told: list[str] = []

    def ready(url: str) -> None:
        told.append(url)
        raise StoppedError

    try:
        with pytest.raises(StoppedError):
            serve(lambda *_: [], host, 0, ready)
    except SourceError:
        pytest.skip(f"this machine does not listen at {host}")

    assert told[0].startswith(want)
    assert int(told[0].rpartition(":")[2]) > 0


def test_an_address_that_is_taken_is_refused_by_name() -> None:
    def ready(url: str) -> None:
        serve(lambda *_: [], "127.0.0.1", int(url.rpartition(":")[2]), ready)

    with pytest.raises(SourceError, match="expected an address to listen at") as caught:
        serve(lambda *_: [], "127.0.0.1", 0, ready)

    assert "--port" in caught.value.hint
