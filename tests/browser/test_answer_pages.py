"""Forecasts and differences in a real browser: offline, within their policy, at any width, for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netproof.report import write_file
from netproof.report.diff_registry import write_answer
from tests.browser.viewing import fits, has_no_barrier, keeps_to_itself, opened
from tests.unit.report.answers import ANSWERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """URLs of the answers, by name."""
    folder = tmp_path_factory.mktemp("answers")
    for number, (kind, model) in enumerate(ANSWERS.values()):
        write_file(folder / f"{number}.html", write_answer(kind, model, "html"))
    return {name: (folder / f"{number}.html").as_uri() for number, name in enumerate(ANSWERS)}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_page_asks_nobody_for_anything_and_keeps_its_policy(
    browser: Browser, pages: dict[str, str], name: str
) -> None:
    keeps_to_itself(browser, pages[name])


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_must_be_scrolled_sideways(
    browser: Browser, pages: dict[str, str], name: str, width: int
) -> None:
    fits(browser, pages[name], width)


@pytest.mark.parametrize("width", [400, 1280])
def test_what_a_row_is_about_stays_in_sight_while_its_dates_are_scrolled(
    browser: Browser, pages: dict[str, str], width: int
) -> None:
    with opened(browser, pages["forecast by month"], viewport={"width": width, "height": 800}) as page:
        table = page.locator(".wide").first
        table.evaluate("one => { one.scrollLeft = one.scrollWidth; }")
        last = table.locator("td").last.bounding_box()
        title = table.locator("tbody th[scope=row]").first.bounding_box()
        room = table.bounding_box()

    assert room is not None
    assert title is not None
    assert last is not None
    assert title["x"] >= room["x"] - 1
    assert last["x"] + last["width"] <= room["x"] + room["width"] + 1
    assert last["x"] >= title["x"] + title["width"] - 1


def test_the_buttons_open_and_close(browser: Browser, pages: dict[str, str]) -> None:
    with opened(browser, pages["networks"]) as page:
        page.get_by_role("button", name="Open all findings").click()
        closed = page.locator("details.findings:not([open])").count()
        page.get_by_role("button", name="Close all").click()
        still_open = page.locator(".check details[open]").count()

    assert (closed, still_open) == (0, 0)


def test_without_javascript_and_on_paper_everything_can_be_read(
    browser: Browser, pages: dict[str, str]
) -> None:
    with opened(browser, pages["forecast"], java_script_enabled=False) as page:
        button = page.locator("button").first.is_visible()
        page.emulate_media(media="print")
        finding = page.locator(".check .list li").first.is_visible()
        certificate = page.get_by_text("Z-3-2").first.is_visible()
        pdf = page.pdf(prefer_css_page_size=True)

    assert (button, finding, certificate) == (False, True, True)
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("forecast", 1280, "light"),
        ("forecast by month", 400, "dark"),
        ("forecast of nothing", 320, "light"),
        ("hostile forecast", 1280, "dark"),
        ("networks", 1280, "dark"),
        ("networks", 400, "light"),
        ("dates, the same", 1280, "light"),
        ("hostile catalogues, a network", 1280, "light"),
        ("catalogues", 400, "dark"),
    ],
)
def test_axe_finds_no_barrier(
    browser: Browser, pages: dict[str, str], name: str, width: int, scheme: Any
) -> None:
    has_no_barrier(browser, pages[name], width, scheme)
