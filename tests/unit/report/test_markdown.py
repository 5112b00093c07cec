"""Markdown: readable in a pull request, and nothing that somebody wrote makes any markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from netproof import report
from netproof.report.markdown import SHOWN, escaped
from tests.unit.report import sample
from tests.unit.report.tool_models import MODELS

DIALECT = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Page(HTMLParser):
    """Elements and text of a rendered page."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(DIALECT.render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


OWN = {
    "h1",
    "h2",
    "h3",
    "p",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "ul",
    "li",
    "hr",
}


@pytest.mark.parametrize("name", MODELS)
def test_only_the_reports_own_elements_come_out(name: str) -> None:
    page = Page(report.write(MODELS[name], "markdown"))

    assert page.tags <= OWN
    assert page.attributes == set()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "# a",
            "- a",
            "+ a",
            "1. a",
            "1) a",
            "> a",
            "=== a",
            "--- a",
            "***",
            "___",
            "~~~ a",
            "```x",
            "    a",
        ),
        *("*a*", "_a_", "**a**", "__a__", "~~a~~", "`a`", "``a`b``", "a\\*b", "\\", "a\\|b", "|a|b|", "$a$"),
        *(
            "[a](http://x)",
            "![a](x)",
            "[a][b]",
            "[a]: http://x",
            "<http://x>",
            "<b>a</b>",
            "<!-- a -->",
            "&lt;",
        ),
        *(
            "&amp;",
            "&#64;x",
            "a&b",
            "http://evil.example/x",
            "www.evil.example",
            "a@b.example",
            "@team",
            "#12",
            "GH-1",
        ),
        *(
            "a | b",
            "critical_component",
            "_x",
            "x_",
            "a__b",
            "C-00001",
            "22.3.1",
            "{{ 7*7 }}",
            "<script>",
            "^a^",
            ":smile:",
        ),
    ],
)
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    plain = Page(f"{escaped(text)}\n")
    cell = Page(f"| a | b |\n| --- | --- |\n| {escaped(text)} | end |\n")

    assert plain.text.strip() == " ".join(text.split())
    assert plain.tags == {"p"}
    assert cell.text.split() == ["a", "b", *text.split(), "end"]
    assert cell.tags == {"table", "thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize(
    "text", ["@team", "see #12", "http://x.example", "WWW.x.example", "a@b.example", "gh-7"]
)
def test_nobody_is_called_and_nothing_is_linked(text: str) -> None:
    """Hosts link what looks like a name or an address; a comment inside parts it, without any sign of it."""
    got = escaped(text)

    assert not re.search(r"(?i)@\w|#\d|\w://|www\.|gh-\d", got)
    assert Page(got).text.strip() == text


def test_a_name_with_an_underscore_inside_stays_readable_unrendered() -> None:
    assert escaped("critical_component C-00417") == "critical_component C-00417"


def test_every_check_that_does_not_pass_has_a_heading_the_worst_first() -> None:
    got = re.findall(r"^### \S+ (\S+)", report.write(MODELS["sample"], "markdown"), re.MULTILINE)
    checks = {check["id"]: check["outcome"] for check in sample.model()["checks"]}

    assert set(got) == {name for name, outcome in checks.items() if outcome not in ("pass", "not_applicable")}
    ranks = [sample.OUTCOMES.index(checks[name]) for name in got]
    assert ranks == sorted(ranks)


def test_findings_are_folded_and_the_rest_is_counted() -> None:
    got = report.write(MODELS["sample"], "markdown")

    assert f"<summary>first {SHOWN} of 40 findings</summary>" in got
    assert "20 further findings are in the JSON, HTML and XLSX reports." in got
    assert "295 further findings not listed here; all are in out.findings.parquet" in report.write(
        MODELS["attached"], "markdown"
    )


def test_waivers_and_answers_are_told() -> None:
    got = report.write(MODELS["waived"], "markdown")

    assert "| component | outcome | reason | row | waiver |" in got
    assert "accepted until 2027-03-31 by network operations: spare part is ordered" in got
    assert "answered met by security officer on 2026-09-30" in got
    assert "no check answers this from tables; a person must" in got
    assert "waiver" not in report.write(MODELS["sample"], "markdown")


def test_parameters_that_were_changed_show_their_default() -> None:
    assert "| DIV-003 | share_max | 0.5 | 0.6 | no German text gives a number |" in report.write(
        MODELS["sample"], "markdown"
    )


def test_a_network_without_faults_says_so() -> None:
    assert "or pass because something was accepted\n\nNone.\n" in report.write(MODELS["fine"], "markdown")
