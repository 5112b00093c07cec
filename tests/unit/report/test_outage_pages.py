"""Outages as HTML: whole, harmless, the same every time, and with what matters in them."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import jsonschema_rs
import pytest

from netproof import report
from netproof.errors import ReportError
from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer
from netproof.report.outage_views import told
from netproof.report.outage_words import chance, part, up
from tests.unit.report import sample
from tests.unit.report.outage_answers import ATTACK, OUTAGES, hostile
from tests.unit.report.outage_models import outages
from tests.unit.report.page_laws import leads_somewhere, reads_in_order, runs_only_what_its_policy_names
from tests.unit.report.test_as_html import Page


def assessed() -> dict[str, Any]:
    """An assessment with the outages of its network."""
    model = sample.model(listed=9, sites=20)
    model["details"]["outages"] = outages()
    return model


HTML = {name: write_answer(kind, model, "html") for name, (kind, model) in OUTAGES.items()}
HTML |= {f"hostile {kind}": write_answer(kind, hostile(kind), "html") for kind in ATTACK}
HTML["assessment"] = report.write(assessed(), "html")
PAGES = {name: Page(html) for name, html in HTML.items()}
every = pytest.mark.parametrize("name", PAGES)


def words_of(name: str) -> str:
    """Words of a page; cells of a table are words apart."""
    return " ".join("".join(Page(re.sub("</t[hd]>", " ", HTML[name])).words).split())


@pytest.mark.parametrize("name", OUTAGES)
def test_the_models_tried_here_follow_the_published_schemas(name: str) -> None:
    kind, model = OUTAGES[name]

    jsonschema_rs.validator_for(schema(kind)).validate(json.loads(json.dumps(model)))


@every
def test_every_element_closes_and_headings_skip_no_level(name: str) -> None:
    reads_in_order(PAGES[name])


@every
def test_nothing_runs_or_is_loaded_but_what_the_policy_names(name: str) -> None:
    runs_only_what_its_policy_names(PAGES[name], HTML[name])


@every
def test_links_and_labels_lead_somewhere_and_names_are_unique(name: str) -> None:
    leads_somewhere(PAGES[name])


@every
def test_every_table_has_a_caption_and_every_row_as_many_cells_as_its_head(name: str) -> None:
    for table in re.findall(r"<table.*?</table>", HTML[name], re.DOTALL):
        head, *rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        assert table.count("<caption") == 1
        assert {len(re.findall(r"<t[hd][ >]", row)) for row in rows} <= {len(re.findall(r"<th[ >]", head))}


@every
def test_every_drawing_has_a_name_or_is_hidden_from_those_who_cannot_see_it(name: str) -> None:
    svgs = PAGES[name].all("svg")
    inside = [one for one in svgs if one.get("preserveaspectratio") == "none"]

    bare = [one for one in svgs if "aria-labelledby" not in one and one.get("aria-hidden") != "true"]
    assert bare == inside


@pytest.mark.parametrize("kind", ATTACK)
def test_no_text_of_a_model_is_markup(kind: str) -> None:
    plain = Page(write_answer(kind, ATTACK[kind], "html"))
    page, html = PAGES[f"hostile {kind}"], HTML[f"hostile {kind}"]

    tags = [tag for tag, _ in page.elements]
    assert {tag: tags.count(tag) for tag in ("script", "a", "style", "meta", "svg", "use")} == {
        tag: [tag for tag, _ in plain.elements].count(tag)
        for tag in ("script", "a", "style", "meta", "svg", "use")
    }
    assert "<script>alert(1)</script>" in words_of(f"hostile {kind}")
    assert "🗼" in words_of(f"hostile {kind}")
    assert "⟨U+202E⟩" in words_of(f"hostile {kind}")
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", html) == []


@pytest.mark.parametrize("name", OUTAGES)
def test_the_same_model_gives_the_same_bytes_and_stays_as_it_was(name: str) -> None:
    kind, model = OUTAGES[name]
    before = copy.deepcopy(model)

    assert write_answer(kind, copy.deepcopy(model), "html") == HTML[name]
    assert model == before


@pytest.mark.parametrize(("kind", "key"), [(kind, "network") for kind in ATTACK] + [("outages", "kinds")])
def test_a_model_that_lacks_something_is_refused(kind: str, key: str) -> None:
    model = {name: value for name, value in ATTACK[kind].items() if name != key}

    with pytest.raises(ReportError, match=r"got (one|a model) without"):
        write_answer(kind, model, "html")


def test_outages_tell_the_worst_event_and_the_single_points_of_failure() -> None:
    words = words_of("outages")

    assert (
        "The worst single event, supplier S-ALD (Aldermoor Systems), takes a service from 9,871,000 people, "
        "86.6 % of 11,400,000. 8,214 components, sites and links are single points of failure" in words
    )
    assert "A suppliers 4 4 9,871,000 86.6 %" in words
    assert "The worst 5 of 131 with a loss" in words
    assert "25 more releases" in words
    assert "Listed: 90 of 8,214, the worst first." in words
    assert "voice 41,200 12 no way to any ims" in words
    assert "Links left out: 7 nothing is called C-99417; the link is left out" in words


def test_the_curve_is_named_where_it_begins_and_told_in_numbers() -> None:
    html = HTML["outages"]
    letters = re.findall(r'<tspan class="letter">(.)</tspan> ([^<]*)</text>', html)

    assert letters[0] == ("A", "supplier")
    assert len(letters) == 11
    assert html.count('class="run"') == 11
    assert "suppliers 1: 9,871,000, 2: " in words_of("outages")


def test_a_curve_is_told_at_even_steps_and_at_its_end() -> None:
    assert told([]) == []
    assert told([[1, 90], [2, 80], [3, 70], [4, 60], [5, 50], [6, 40], [7, 3]]) == [
        (1, 90),
        (2, 80),
        (5, 50),
        (7, 3),
    ]
    assert [rank for rank, _ in told([[rank, 9] for rank in range(1, 31)])] == [1, 2, 5, 10, 20, 30]


def test_where_nothing_is_lost_the_page_says_so_and_draws_nothing() -> None:
    words = words_of("nothing lost")

    assert "No single event takes a service from anybody: no people are recorded." in words
    assert "Nobody: before anything fails, all people have every service." in words
    assert "Nothing: every link, dependency, event and flow was counted as it is written." in words
    assert 'class="run"' not in HTML["nothing lost"]


def test_an_event_tells_who_is_dark_why_and_what_still_fits() -> None:
    words, html = words_of("one event"), HTML["one event"]
    _, model = OUTAGES["one event"]
    dark = sum(site["dark"] for site in model["lost"]["sites"])

    assert "When supplier S-BRK fails" in words
    assert f"dark, all without a service: {dark} sites" in words
    assert f"some without a service: {240 - dark} sites" in words
    assert "nobody loses a service: 163 sites" in words
    assert "5 sites of 403 have no coordinates and are not on the map." in words
    assert html.count('href="#m-kept"') == 160 + 1
    assert "Fails itself: 340 components" in words
    assert "Needs PWR-17: 14 components, 1 site" in words
    assert "and 40 more" in words
    assert "Listed: 358 of 12,345." in words
    assert "Flows lost: 12 of 48" in words
    assert "The demand of the flows that are still connected does not fit the links that remain." in words
    assert "Fits at once [Gbit/s] 473.7 338.2" in words
    assert "Of every flow at once 100 % 42.0 %" in words


def test_an_event_of_ones_own_happens_and_a_thing_fails() -> None:
    model = copy.deepcopy(ATTACK["outage-event"])
    model["event"] |= {"kind": "custom", "id": "E-FLOOD", "name": "E-FLOOD"}

    assert "<h1>When event E-FLOOD happens</h1>" in write_answer("outage-event", model, "html")


def test_many_sites_are_drawn_on_a_grid_that_counts_all_of_them() -> None:
    words = words_of("national event")
    _, model = OUTAGES["national event"]
    kept = sum(many for *_, many in model["lost"]["kept"]["places"])

    assert f"{2_398 + kept:,} sites are drawn on a grid" in words
    assert "Showing 200 of 2,400, the worst first" in words


def test_an_event_that_nobody_notices_says_so() -> None:
    words = words_of("harmless event")

    assert "Nobody loses a service. 1 thing goes down." in words
    assert "At no site does anybody lose a service." in words
    assert "No flow is recorded." in words
    assert "Not computed: no flow says how much it carries." in words


def test_samples_tell_how_much_is_lost_how_often_and_what_was_assumed() -> None:
    words = words_of("samples")

    assert "At a random moment, 8,123 people lack a service on average, 0.071 % of all" in words
    assert "one scenario in a hundred takes it from 88,000 or more" in words
    assert "nothing 50,000 50.0 % 100 %" in words
    assert "2 to 3 11,111 11.1 % 33.3 %" in words
    assert "any service 99.930 %" in words
    assert "Assumed by netproof, not measured" in words
    assert "site 2e-05 10.5 min stated by the network" in words
    assert "In no scenario did anybody lose a service." in words_of("certain")


def test_bars_of_a_histogram_that_are_empty_are_told_as_one() -> None:
    model = copy.deepcopy(OUTAGES["samples"][1])
    model["scenarios"] = 4
    bars = [[0, 0, 2], [1, 1, 0], [2, 3, 0], [4, 7, 1], [8, 15, 0], [16, 31, 1]]
    model["services"] = [{**model["services"][0], "histogram": bars}]
    table = write_answer("outage-samples", model, "html").split('<table class="spread">')[1]

    assert re.findall('<th scope="row" class="n">([^<]*)</th><td class="n">([^<]*)</td>', table) == [
        ("nothing", "2"),
        ("1 to 3", "0"),
        ("4 to 7", "1"),
        ("8 to 15", "0"),
        ("16 to 31", "1"),
    ]


def test_pairs_tell_the_worst_and_every_number_whole() -> None:
    words = words_of("pairs")

    assert "The worst pair, component C00000 and site S00001, takes a service from 4,118,000 people" in words
    assert "13,498,211,480,221,377,004 people" in words
    assert "40 more" in words
    assert "There are no two things that could fail together." in words_of("no pairs")


def test_an_exposure_tells_who_cannot_be_avoided() -> None:
    words = words_of("exposure")

    assert "A path avoids Aldermoor Systems; it stands below. 9 things lie on every path" in words
    assert "No path avoids Drovania Telecom, Clovelly Networks." in words
    assert "S-DRO Drovania Telecom no, every path passes it yes 360 21" in words
    assert words.index("S-DRO Drovania") < words.index("S-BRK Brackwede Funk yes")
    assert "No path joins the two ends." in words_of("torn")
    assert "No path avoids Aldermoor Systems." in words_of("unavoidable")


def test_the_report_has_a_section_of_outages_only_where_the_model_has_them() -> None:
    words = words_of("assessment")
    without = report.write(sample.model(listed=9, sites=20), "html")

    assert '<a href="#outages">Outages</a>' in HTML["assessment"]
    assert "The worst event of each kind" in words
    assert "Single points of failure: 8,214" in words
    assert "#outages" not in without
    assert 'class="plot"' not in without


@pytest.mark.parametrize(
    ("say", "value", "want"),
    [
        (part, 0.0, "0 %"),
        (part, 0.0004, "<0.1 %"),
        (part, 0.123, "12.3 %"),
        (part, 0.9996, ">99.9 %"),
        (part, 1.0, "100 %"),
        (chance, 0.0, "0 %"),
        (chance, 0.000012, "0.0012 %"),
        (chance, 0.5, "50.0 %"),
        (up, 1.0, "100 %"),
        (up, 0.98, "98.00 %"),
        (up, 0.999984, "99.9984 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(say: Any, value: float, want: str) -> None:
    assert say(value) == want
