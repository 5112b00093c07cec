"""The HTML file: whole, honest, harmless and the same every time."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from netproof import report
from netproof.errors import ReportError
from netproof.report.words import OUTCOME
from tests.unit.report import sample
from tests.unit.report.hostile import hostile
from tests.unit.report.test_as_json import empty

VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "wbr"})
END_TAG_IS_OPTIONAL = frozenset({"dt", "dd"})
Attributes = dict[str, str | None]


class Page(HTMLParser):
    """What a browser would see: elements with attributes, text, and whether all elements close."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, Attributes]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID | END_TAG_IS_OPTIONAL:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in END_TAG_IS_OPTIONAL:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag} at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[Attributes]:
        """Attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


SAMPLE = sample.model()
HTML = {
    "sample": report.write(SAMPLE, "html"),
    "empty": report.write(empty(), "html"),
    "hostile": report.write(hostile(SAMPLE), "html"),
}
PAGES = {name: Page(html) for name, html in HTML.items()}
every = pytest.mark.parametrize("name", PAGES)


@every
def test_every_element_closes(name: str) -> None:
    assert PAGES[name].wrong == []


@every
def test_the_page_holds_one_script_and_no_handlers(name: str) -> None:
    page = PAGES[name]

    assert len(page.all("script")) == 1
    assert {key for _, attributes in page.elements for key in attributes if key.startswith("on")} == set()
    assert not {"img", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in page.elements}


@every
def test_nothing_is_loaded_from_anywhere(name: str) -> None:
    page = PAGES[name]
    loaded = [
        value
        for tag, attributes in page.elements
        for key, value in attributes.items()
        if key in {"src", "srcset", "data", "action", "poster", "xlink:href", "style"}
        or (key == "href" and tag not in {"a", "use"})
    ]

    assert loaded == ["data:,"]
    assert all((use["href"] or "").startswith("#") for use in page.all("use"))
    assert re.findall(r"url\((?!#)", HTML[name]) == []
    assert "@import" not in HTML[name]


@every
def test_links_lead_into_the_page_or_to_the_web_only(name: str) -> None:
    page = PAGES[name]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    inner = [link["href"] for link in page.all("a") if (link["href"] or "").startswith("#")]
    outer = [link["href"] for link in page.all("a") if not (link["href"] or "").startswith("#")]

    assert len(ids) == len(set(ids))
    assert [href for href in inner if (href or "")[1:] not in ids] == []
    assert [href for href in outer if not re.match("https?://", href or "")] == []


def test_a_source_that_is_no_web_address_is_no_link() -> None:
    model = sample.model()
    model["checks"][0]["sources"][0]["url"] = "javascript:alert(1)"

    got = Page(report.write(model, "html"))

    assert "javascript:alert(1)" not in [link["href"] for link in got.all("a")]
    assert any("(javascript:alert(1))" in text for text in got.words)


@every
def test_what_points_at_an_element_finds_it(name: str) -> None:
    page = PAGES[name]
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    named = [
        key
        for _, attributes in page.elements
        for key in (attributes.get("aria-labelledby") or "").split()
        if key not in ids
    ]

    assert named == []


@every
def test_headings_start_with_one_and_skip_none(name: str) -> None:
    levels = [int(tag[1]) for tag, _ in PAGES[name].elements if re.fullmatch("h[1-6]", tag)]

    assert levels.count(1) == 1
    after_title = levels[levels.index(1) :]
    steps = [later - earlier for earlier, later in itertools.pairwise(after_title) if later > earlier]
    assert set(steps) <= {1}


@every
def test_every_table_has_a_caption_and_scoped_headings(name: str) -> None:
    page = PAGES[name]

    assert len(page.all("caption")) == len(page.all("table"))
    assert {heading.get("scope") for heading in page.all("th")} <= {"col", "row"}


@every
def test_the_policy_lets_only_these_texts_run(name: str) -> None:
    html = HTML[name]
    policy = next(
        meta["content"]
        for meta in PAGES[name].all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )

    for element in ("style", "script"):
        content = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in (policy or "")
    assert "unsafe" not in (policy or "")
    assert (policy or "").startswith("default-src 'none';")


def test_what_would_run_is_shown_as_text() -> None:
    words = "".join(PAGES["hostile"].words)

    assert "<script>alert(1)</script>" in words
    assert "{{ 7*7 }}" in words
    assert "⟨U+202E⟩txt.exe" in words
    assert (
        re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", HTML["hostile"])
        == []
    )


def test_the_same_model_gives_the_same_bytes() -> None:
    assert report.write(sample.model(), "html") == HTML["sample"]


def test_every_check_is_there_with_its_word_and_its_remedy() -> None:
    words = " ".join("".join(PAGES["sample"].words).split())

    for check in SAMPLE["checks"]:
        assert f"{check['id']} {check['title']} {OUTCOME[check['outcome']]}" in words
        if check["outcome"] == "fail":
            assert f"What to do: {check['remedy']}" in words


def test_a_finding_leads_to_its_row_file_line_and_digest() -> None:
    words = " ".join("".join(PAGES["sample"].words).split())

    assert "W-00000 security instruction of P-000 ended on 2026-01-30 work.csv:2" in words
    assert "Empty, so unknown: parent_id, serial, population, retired_on, shared_with" in words
    assert f"Row of table work, work.csv line 2, file SHA-256 {sample.digest('work')[:16]}…" in words
    assert f"work.csv {sample.digest('work')}" not in words


def test_the_four_families_are_panels_of_their_own() -> None:
    words = "".join(PAGES["sample"].words)

    for family in SAMPLE["families"]:
        assert family["title"] in words
    assert len(re.findall('<li class="panel ', HTML["sample"])) == 4


def test_line_ends_of_the_file_that_prose_stands_in_are_blanks() -> None:
    model = sample.model()
    model["checks"][0]["remedy"] = "Ask the\n  supplier."

    assert "What to do:</b> Ask the supplier.</p>" in report.write(model, "html")


def test_a_requirement_without_checks_is_left_to_a_person() -> None:
    model = sample.model()
    model["catalogues"][0]["requirements"][0]["checks"] = []

    assert "No check answers this from tables; a person must." in report.write(model, "html")
    assert "no check answers this from tables; a person must\n" in report.write(model, "terminal")


def test_a_changed_parameter_is_marked() -> None:
    assert "set for this network, default 0.6" in HTML["sample"]


def test_the_list_is_capped_and_says_so() -> None:
    model = sample.model(findings_per_check=12_345, listed=300)
    model["checks"][0]["all_findings_file"] = "findings.csv"

    got = report.write(model, "html")

    assert "Showing 200 of 12,345, the worst first; all of them are in <code>findings.csv</code>." in got
    assert "Showing 200 of 12,345, the worst first." in got


def test_a_full_report_is_small() -> None:
    html = report.write(sample.model(findings_per_check=200), "html")

    assert html.count('<dl class="row">') == 29 * 200
    assert len(html.encode()) < 5_000_000


def test_a_network_without_coordinates_says_so_in_place_of_the_map() -> None:
    model = sample.model()
    for site in model["details"]["sites"]:
        site["latitude_deg"] = None

    got = report.write(model, "html")

    assert "No site of this network has coordinates, so there is no map." in got
    assert '<svg class="sites"' not in got
    assert 'id="map-table"' in got


def test_nothing_known_is_said_in_words() -> None:
    words = " ".join("".join(PAGES["empty"].words).split())

    for sentence in (
        "No check failed.",
        "No sites were read, so there is nothing to draw.",
        "No component names a supplier, so there are no shares to draw.",
        "No check that ran has a parameter.",
        "No tables were read.",
        "None: every row was read.",
        "No catalogue was asked for.",
    ):
        assert sentence in words


def test_a_check_that_two_requirements_ask_for_is_shown_once() -> None:
    model = sample.model()
    model["catalogues"][0]["requirements"][1]["checks"] += ["CERT-001", "GONE-001"]

    got = report.write(model, "html")

    assert got.count('id="check-CERT-001"') == 1
    assert 'asked here too: <a href="#check-CERT-001">CERT-001</a> (fail).' in got
    assert "Named by this requirement, but not run: GONE-001." in got


def test_odd_check_names_keep_anchors_apart() -> None:
    model = sample.model()
    model["checks"][-1]["id"], model["checks"][-2]["id"] = "ä/1", "ö/1"

    page = Page(report.write(model, "html"))

    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("key", ["details", "summary", "as_of"])
def test_a_model_that_lacks_something_is_refused(key: str) -> None:
    model: dict[str, Any] = sample.model()
    del model[key]

    with pytest.raises(ReportError, match="expected a whole report model, got one without"):
        report.write(model, "html")
