"""What every page that netproof writes keeps to."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.report.test_as_html import Page


def reads_in_order(page: Page) -> None:
    """Every element closes, there is one heading of the first level, and no level is skipped after it."""
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    after = levels[levels.index(1) :]

    assert page.wrong == []
    assert levels.count(1) == 1
    assert {later - earlier for earlier, later in itertools.pairwise(after) if later > earlier} <= {1}


def runs_only_what_its_policy_names(page: Page, html: str) -> None:
    """One style and one script, both by digest; nothing is loaded, nothing waits for an event."""
    policy = next(m["content"] or "" for m in page.all("meta") if m.get("http-equiv"))
    keys = {key for _, attributes in page.elements for key in attributes}

    for element in ("style", "script"):
        content = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode()
        assert len(content) == 1
        assert f"{element}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert [key for key in keys if key.startswith("on") or key in {"style", "src"}] == []
    assert not {"img", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in page.elements}
    assert all((use["href"] or "").startswith("#") for use in page.all("use"))


def leads_somewhere(page: Page) -> None:
    """Names are unique; every link within the page, label and drawing names something that is there."""
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    inner = [href for link in page.all("a") if (href := link["href"] or "").startswith("#")]
    labels = [one for _, a in page.elements for one in (a.get("aria-labelledby") or "").split()]
    drawn = [(use["href"] or "")[1:] for use in page.all("use")]

    assert len(ids) == len(set(ids))
    assert [href for href in inner if href[1:] not in ids] == []
    assert [one for one in [*labels, *drawn] if one not in ids] == []
