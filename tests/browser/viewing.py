"""How browser tests look at a page: in a window of its own, with axe, and listening to what it asks for."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(({violations, passes}) => [
  violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.target, node.failureSummary])),
  passes.length,
])"""
"""Only what is wrong travels; what passes is thousands of elements."""
LISTEN = (
    "addEventListener('securitypolicyviolation', (event) => console.error('CSP ' + event.violatedDirective))"
)


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """The page in a window of its own."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


def open_all(page: Page) -> None:
    """Open every details element."""
    page.eval_on_selector_all("details", "found => found.forEach((one) => { one.open = true; })")


def heard(browser: Browser, url: str) -> tuple[list[str], list[str]]:
    """What a page asked for over any network, and what it said: errors, breaches of its policy, dialogs."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(LISTEN)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(url)
    open_all(page)
    page.wait_for_load_state("networkidle")
    context.close()
    return asked, said


def barriers(page: Page) -> tuple[list[Any], int]:
    """What axe finds wrong on a page as it stands, and how many of its rules pass."""
    page.evaluate(AXE)
    wrong, passed = page.evaluate(RUN_AXE, RULES)
    return wrong, passed


def keeps_to_itself(browser: Browser, url: str) -> None:
    """Hold a page to its promise: it asks nobody for anything and breaks no policy of its own."""
    asked, said = heard(browser, url)

    assert [one for one in asked if one not in (url, "data:,")] == []
    assert said == []


def fits(browser: Browser, url: str, width: int) -> None:
    """Hold a page, all of it opened, to a width: nothing must be scrolled sideways."""
    with opened(browser, url, viewport={"width": width, "height": 800}) as page:
        open_all(page)
        got = page.evaluate("document.documentElement.scrollWidth")

    assert got <= width


def has_no_barrier(browser: Browser, url: str, width: int, scheme: Any) -> None:
    """Hold a page, all of it opened, to axe's rules, in a width and a colour scheme."""
    size = {"width": width, "height": 900}
    with opened(browser, url, viewport=size, color_scheme=scheme, reduced_motion="reduce") as page:
        open_all(page)
        got, passed = barriers(page)

    assert got[:5] == []
    assert passed > 20
