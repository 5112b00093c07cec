"""What an update changes in a real browser: offline, within its policy, at any width, for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netproof.report import write_file
from netproof.report.diff_registry import write_answer
from tests.browser.viewing import fits, has_no_barrier, keeps_to_itself
from tests.unit.report.test_release_diff_page import DEEP, poisoned, updated

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
NAMES = ("plain", "hostile")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """URLs of the pages, by name."""
    folder = tmp_path_factory.mktemp("update")
    model = updated(folder, deep=DEEP)
    for name, told in zip(NAMES, (model, poisoned(model)), strict=True):
        write_file(folder / f"{name}.html", write_answer("release-diff", told, "html"))
    return {name: (folder / f"{name}.html").as_uri() for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_page_asks_nobody_for_anything_and_keeps_its_policy(
    browser: Browser, pages: dict[str, str], name: str
) -> None:
    keeps_to_itself(browser, pages[name])


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_must_be_scrolled_sideways(
    browser: Browser, pages: dict[str, str], name: str, width: int
) -> None:
    fits(browser, pages[name], width)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_axe_finds_no_barrier(browser: Browser, pages: dict[str, str], width: int, scheme: Any) -> None:
    has_no_barrier(browser, pages["plain"], width, scheme)
