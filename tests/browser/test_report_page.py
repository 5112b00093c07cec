"""The HTML report in a real browser: offline, within its policy, at any width, for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netproof import report
from tests.browser.viewing import barriers, fits, keeps_to_itself, opened
from tests.unit.report import sample
from tests.unit.report.hostile import hostile
from tests.unit.report.test_as_json import empty

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

MODELS = {
    "sample": sample.model(),
    "small": sample.model(listed=9, sites=20),
    "hostile": hostile(sample.model(listed=9, sites=20)),
    "empty": empty(),
    "grid": sample.model(sites=3000),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """URLs of the reports, by name."""
    folder = tmp_path_factory.mktemp("reports")
    for name, model in MODELS.items():
        report.write_file(folder / f"{name}.html", report.write(model, "html"))
    return {name: (folder / f"{name}.html").as_uri() for name in MODELS}


@pytest.mark.parametrize("name", MODELS)
def test_the_page_asks_nobody_for_anything_and_keeps_its_policy(
    browser: Browser, pages: dict[str, str], name: str
) -> None:
    keeps_to_itself(browser, pages[name])


@pytest.mark.parametrize("width", [320, 400, 1280])
@pytest.mark.parametrize("name", MODELS)
def test_nothing_must_be_scrolled_sideways(
    browser: Browser, pages: dict[str, str], name: str, width: int
) -> None:
    fits(browser, pages[name], width)


def test_without_javascript_findings_open_and_no_dead_button_shows(
    browser: Browser, pages: dict[str, str]
) -> None:
    with opened(browser, pages["small"], java_script_enabled=False) as page:
        check = page.locator("#check-CERT-002")
        finding = check.get_by_text("C-00014").first
        before = finding.is_visible()
        check.locator("summary").first.click()
        after = finding.is_visible()
        buttons = [button.is_visible() for button in page.locator("button").all()]

    assert (before, after) == (False, True)
    assert buttons == [False, False, False]


def test_the_keyboard_reaches_and_opens_findings(browser: Browser, pages: dict[str, str]) -> None:
    with opened(browser, pages["sample"]) as page:
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.className")
        page.locator("#check-CERT-002 summary").first.focus()
        page.keyboard.press("Enter")
        opened_by_key = page.locator("#check-CERT-002 details").first.evaluate("one => one.open")
        page.keyboard.press("Tab")
        next_one = page.evaluate(
            "document.activeElement.tagName + document.activeElement.closest('article').id"
        )

    assert first == "skip"
    assert opened_by_key is True
    assert next_one == "SUMMARYcheck-CERT-002"


def test_every_stop_of_the_tab_key_is_seen(browser: Browser, pages: dict[str, str]) -> None:
    unseen = []
    with opened(browser, pages["small"], reduced_motion="reduce") as page:
        for _ in range(120):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                "(() => { const box = document.activeElement.getBoundingClientRect();"
                "return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight; })()"
            )
            if not seen:
                unseen.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))

    assert unseen == []


def test_the_buttons_open_close_and_filter(browser: Browser, pages: dict[str, str]) -> None:
    with opened(browser, pages["sample"]) as page:
        page.get_by_role("button", name="Open all findings").click()
        all_open = page.locator("details.findings:not([open])").count()
        page.get_by_role("button", name="Close all").click()
        all_closed = page.locator(".check details[open]").count()
        only = page.get_by_role("button", name="Only checks that do not pass")
        only.click()
        hidden = page.locator("#check-CERT-005").is_visible()
        pressed = only.get_attribute("aria-pressed")
        page.locator(".ids a", has_text="CERT-005").click()
        shown = page.locator("#check-CERT-005").is_visible()

    assert (all_open, all_closed) == (0, 0)
    assert (hidden, pressed, shown) == (False, "true", True)


def test_on_paper_findings_show_and_tools_do_not(browser: Browser, pages: dict[str, str]) -> None:
    with opened(browser, pages["small"], java_script_enabled=False) as page:
        page.emulate_media(media="print")
        finding = page.locator("#check-CERT-002 .list li").first.is_visible()
        contents = page.locator("nav").is_visible()
        pdf = page.pdf(prefer_css_page_size=True)

    assert (finding, contents) == (True, False)
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "width"), [("small", 1280), ("small", 320), ("hostile", 1280), ("empty", 400)]
)
def test_axe_finds_no_barrier(
    browser: Browser, pages: dict[str, str], name: str, width: int, scheme: Any
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, pages[name], viewport=size, color_scheme=scheme, reduced_motion="reduce") as page:
        page.eval_on_selector_all(
            "#check-CERT-001 details, #check-INT-002 details, .twin, .why",
            "found => found.forEach((one) => { one.open = true; })",
        )
        got, passed = barriers(page)

    assert got[:5] == []
    assert passed > 20
