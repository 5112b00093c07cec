"""The fleet in a real browser: offline, within its policy, at any width, for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netproof.report import write_file
from tests.browser.viewing import fits, has_no_barrier, keeps_to_itself
from tests.unit.report.test_fleet import HTML

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """URLs of the pages, by name."""
    folder = tmp_path_factory.mktemp("fleet")
    for number, html in enumerate(HTML.values()):
        write_file(folder / f"{number}.html", html)
    return {name: (folder / f"{number}.html").as_uri() for number, name in enumerate(HTML)}


@pytest.mark.parametrize("name", ["hostile"])
def test_the_page_asks_nobody_for_anything_and_keeps_its_policy(
    browser: Browser, pages: dict[str, str], name: str
) -> None:
    keeps_to_itself(browser, pages[name])


@pytest.mark.parametrize(("name", "width"), [("fleet", 320), ("hostile", 1280)])
def test_nothing_must_be_scrolled_sideways(
    browser: Browser, pages: dict[str, str], name: str, width: int
) -> None:
    fits(browser, pages[name], width)


@pytest.mark.parametrize(("name", "width", "scheme"), [("fleet", 1280, "light"), ("fleet", 400, "dark")])
def test_axe_finds_no_barrier(
    browser: Browser, pages: dict[str, str], name: str, width: int, scheme: Any
) -> None:
    has_no_barrier(browser, pages[name], width, scheme)
