from __future__ import annotations

import pytest

from tests.unit.oscal.test_xml import of_catalog


@pytest.mark.parametrize(
    ("markup", "want"),
    [
        ("<p>a <em>b</em> <i>c</i> <strong>d</strong> <b>e</b></p>", "a *b* *c* **d** **e**"),
        ("<p><code>x*y</code> <q>q</q> H<sub>2</sub>O m<sup>2</sup></p>", '`x*y` "q" H~2~O m^2^'),
        ('<p><a href="https://example.org">t</a></p>', "[t](https://example.org)"),
        (
            '<p><img alt="a" src="s.png" title="t"/><img alt="a" src="s.png"/></p>',
            '![a](s.png "t")![a](s.png)',
        ),
        ('<p>x <insert type="param" id-ref="p"/>.</p>', "x {{ insert: param, p }}."),
        ("<p>1 * 2 ~ 3 ^ 4 ` 5 \\ 6</p>", "1 \\* 2 \\~ 3 \\^ 4 \\` 5 \\\\ 6"),
        ("<p>over\n      lines</p>", "over lines"),
        ("<p>a<br/>b</p>", "a  \nb"),
        ("<h1>A</h1><h6>B</h6><p>C</p><hr/>", "# A\n\n###### B\n\nC\n\n---"),
        ("<ul><li>a</li><li>b<ol><li>c</li><li><p>d</p></li></ol></li></ul>", "- a\n- b\n  1. c\n  2. d"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<blockquote>q</blockquote>", "> q"),
        ("<blockquote><p>q</p><p>r</p></blockquote>", "> q\n>\n> r"),
        (
            "<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |",
        ),
    ],
)
def test_markup_becomes_markdown(markup: str, want: str) -> None:
    got = of_catalog(f'<control id="c"><title>C</title><part name="statement">{markup}</part></control>')

    assert got.body["controls"][0]["parts"][0]["prose"] == want
