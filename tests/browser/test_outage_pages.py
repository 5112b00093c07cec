"""Outages in a real browser: offline, within their policy, at any width, for everyone."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from netproof.report import write_file
from tests.browser.viewing import barriers, fits, has_no_barrier, keeps_to_itself, opened
from tests.unit.report.test_outage_pages import HTML

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """URLs of the pages, by name."""
    folder = tmp_path_factory.mktemp("outages")
    for number, html in enumerate(HTML.values()):
        write_file(folder / f"{number}.html", html)
    return {name: (folder / f"{number}.html").as_uri() for number, name in enumerate(HTML)}


@pytest.mark.parametrize("name", HTML)
def test_the_page_asks_nobody_for_anything_and_keeps_its_policy(
    browser: Browser, pages: dict[str, str], name: str
) -> None:
    keeps_to_itself(browser, pages[name])


@pytest.mark.parametrize("width", [320, 400, 1280])
@pytest.mark.parametrize("name", HTML)
def test_nothing_must_be_scrolled_sideways(
    browser: Browser, pages: dict[str, str], name: str, width: int
) -> None:
    fits(browser, pages[name], width)


@pytest.mark.parametrize("width", [320, 400, 1280])
@pytest.mark.parametrize("name", ["outages", "samples"])
def test_every_word_of_a_drawing_is_within_the_window(
    browser: Browser, pages: dict[str, str], name: str, width: int
) -> None:
    with opened(browser, pages[name], viewport={"width": width, "height": 800}) as page:
        outside = page.eval_on_selector_all(
            ".plot text",
            "(all, width) => all.map((one) => [one.textContent, one.getBoundingClientRect()])"
            ".filter(([, box]) => box.width && (box.left < 0 || box.right > width)).map(([word]) => word)",
            width,
        )
        words = page.locator(".plot text").count()

    assert outside == []
    assert words > 10


@pytest.mark.parametrize("width", [400, 1280])
def test_no_name_beside_a_curve_covers_another(browser: Browser, pages: dict[str, str], width: int) -> None:
    with opened(browser, pages["outages"], viewport={"width": width, "height": 800}) as page:
        boxes = page.eval_on_selector_all(
            ".names text",
            "all => all.map((one) => one.getBoundingClientRect()).map((box) => [box.top, box.bottom])",
        )

    boxes.sort()
    assert len(boxes) == 11
    # Line boxes are higher than their letters: two pixels of air may be shared.
    assert all(later[0] >= earlier[1] - 2 for earlier, later in itertools.pairwise(boxes))


def test_on_paper_every_table_can_be_read(browser: Browser, pages: dict[str, str]) -> None:
    with opened(browser, pages["one event"], java_script_enabled=False) as page:
        page.emulate_media(media="print")
        site = page.locator("#map tbody tr").first.is_visible()
        member = page.get_by_text("M00003").first.is_visible()
        contents = page.locator("nav").is_visible()
        pdf = page.pdf(prefer_css_page_size=True)

    assert (site, member, contents) == (True, True, False)
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("outages", 1280, "light"),
        ("outages", 320, "dark"),
        ("nothing lost", 400, "dark"),
        ("one event", 1280, "dark"),
        ("one event", 400, "light"),
        ("samples", 1280, "light"),
        ("samples", 400, "dark"),
        ("pairs", 1280, "light"),
        ("pairs", 400, "dark"),
        ("exposure", 1280, "dark"),
        ("exposure", 400, "light"),
        ("torn", 1280, "light"),
        ("hostile outages", 1280, "dark"),
        ("hostile outage-event", 400, "light"),
        ("hostile exposure", 1280, "light"),
    ],
)
def test_axe_finds_no_barrier(
    browser: Browser, pages: dict[str, str], name: str, width: int, scheme: Any
) -> None:
    has_no_barrier(browser, pages[name], width, scheme)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_in_the_section_of_the_report(
    browser: Browser, pages: dict[str, str], scheme: Any
) -> None:
    with opened(browser, pages["assessment"], color_scheme=scheme, reduced_motion="reduce") as page:
        page.eval_on_selector_all("#outages details", "all => all.forEach((one) => { one.open = true; })")
        got, passed = barriers(page)

    assert got[:5] == []
    assert passed > 20
