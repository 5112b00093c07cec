"""What an update changes, as HTML: whole, harmless, the same every time, and with what gives power first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import ReportError
from netproof.pipeline.release_diff import release_diff
from netproof.report.diff_registry import write_answer
from netproof.report.release_diff_html import LISTED
from tests.unit.cli.test_release_diff import NEW, OLD
from tests.unit.integrity.packages.archives import tar_gz, tar_of
from tests.unit.report.hostile import PAYLOAD
from tests.unit.report.page_laws import leads_somewhere, reads_in_order, runs_only_what_its_policy_names
from tests.unit.report.test_as_html import Page

if TYPE_CHECKING:
    from pathlib import Path

DEEP = {
    "tool": "diffoscope 240",
    "said": "finds differences",
    "same": False,
    "text": "--- old\n+++ new\n│ -<b>one</b>\n│ +two\n",
    "notes": ["it could reach the network"],
}


def compared(folder: Path, old: bytes, new: bytes, **said: Any) -> dict[str, Any]:
    """The model of a difference between two packages."""
    (folder / "old.tar.gz").write_bytes(old)
    (folder / "new.tar.gz").write_bytes(new)
    return release_diff(folder / "old.tar.gz", folder / "new.tar.gz") | said


def updated(folder: Path, **said: Any) -> dict[str, Any]:
    """The model of an update with something of every kind."""
    return compared(folder, tar_gz(OLD), tar_gz(NEW, {"image-7.2/bin/helper": 0o4755}), **said)


def poisoned(value: Any) -> Any:
    """The same model with a payload behind every free text."""
    if isinstance(value, dict):
        return {key: inner if key in FIXED else poisoned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(item) for item in value]
    return value + PAYLOAD if isinstance(value, str) and value else value


FIXED = {"change", "parts", "kind", "side", "subject", "completeness", "schema_version", "rights", "why"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Models to be shown, by name."""
    whole = updated(tmp_path_factory.mktemp("whole"), deep=DEEP)
    files = {"a": b"1"}
    return {
        "whole": whole,
        "hostile": poisoned(whole),
        "same": compared(tmp_path_factory.mktemp("same"), tar_gz(files), tar_of(files)),
        "many": compared(
            tmp_path_factory.mktemp("many"),
            tar_of({"keep": b""}),
            tar_of({f"bin/{number:04}": b"x" for number in range(LISTED + 7)}),
        ),
    }


@pytest.mark.parametrize("name", ["whole", "hostile", "same", "many"])
def test_the_page_keeps_to_every_law(models: dict[str, dict[str, Any]], name: str) -> None:
    html = write_answer("release-diff", models[name], "html")
    page = Page(html)

    reads_in_order(page)
    runs_only_what_its_policy_names(page, html)
    leads_somewhere(page)
    assert write_answer("release-diff", models[name], "html") == html
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", html) == []


def test_no_text_of_a_model_is_markup(models: dict[str, dict[str, Any]]) -> None:
    plain, hostile = (
        Page(write_answer("release-diff", models[name], "html")) for name in ("whole", "hostile")
    )

    assert [tag for tag, _ in plain.elements] == [tag for tag, _ in hostile.elements]
    assert "<script>alert(1)</script>" in " ".join(hostile.words)


def test_what_gives_power_stands_before_the_list_of_files(models: dict[str, dict[str, Any]]) -> None:
    html = write_answer("release-diff", models["whole"], "html")

    heads = [re.sub("<.*?>", "", head) for head in re.findall(r"<h2[^>]*>(.*?)</h2>", html)]
    assert heads == [
        "Contents",
        "Summary",
        "Files that newly give rights: 1",
        "Keys and certificates that were not there before: 1",
        "Network services that were not there before: 2",
        "Addresses that were not there before: 2",
        "Components",
        "Members added: 3",
        "Members removed: 1",
        "Members changed: 3",
        "Packages inside that stay closed: 1",
        "Inside the files",
        "How this file was made",
    ]


def test_another_tools_answer_keeps_its_lines_and_is_text(models: dict[str, dict[str, Any]]) -> None:
    html = write_answer("release-diff", models["whole"], "html")
    (shown,) = re.findall(r"<pre.*?>(.*?)</pre>", html, re.DOTALL)

    assert shown.splitlines()[:4] == ["--- old", "+++ new", "│ -&lt;b&gt;one&lt;/b&gt;", "│ +two"]
    assert "it could reach the network" in html


def test_packages_without_a_difference_say_so(models: dict[str, dict[str, Any]]) -> None:
    words = " ".join(Page(write_answer("release-diff", models["same"], "html")).words)

    assert "No member differs." in words
    assert "no key, network service or address is there that was not there before" in words


def test_a_long_list_is_bounded_and_says_so(models: dict[str, dict[str, Any]]) -> None:
    html = write_answer("release-diff", models["many"], "html")

    assert html.count('<th scope="row">bin/') == LISTED
    assert "Listed: 500 of 507" in html


def test_a_model_that_lacks_something_is_refused(models: dict[str, dict[str, Any]]) -> None:
    lacking = {key: value for key, value in models["whole"].items() if key != "keys"}

    with pytest.raises(ReportError, match="got a model without"):
        write_answer("release-diff", lacking, "html")
