from __future__ import annotations

import pytest

from netproof.errors import CatalogueError
from netproof.oscal.read import Document, read_bytes
from netproof.oscal.validate import official_schema
from netproof.oscal.xml_read import BARE, fields, singular, target

NS = 'xmlns="http://csrc.nist.gov/ns/oscal/1.0"'
U = "3f0c9a52-6d1e-4d2b-9a57-0c7b5d3a1e0"
META = (
    "<metadata><title>Small</title><last-modified>2026-11-01T00:00:00Z</last-modified>"
    "<version>1</version><oscal-version>1.2.3</oscal-version></metadata>"
)
META_JSON = {
    "title": "Small",
    "last-modified": "2026-11-01T00:00:00Z",
    "version": "1",
    "oscal-version": "1.2.3",
}


def read(xml: str) -> Document:
    return read_bytes(xml.encode(), place="f.xml")


def of_catalog(inside: str, meta: str = META) -> Document:
    return read(f'<?xml version="1.0"?>\n<catalog {NS} uuid="{U}0">{meta}\n{inside}</catalog>')


def test_a_catalog_says_in_json_what_its_xml_says() -> None:
    got = of_catalog(
        f"""
        <param id="p1" class="c" depends-on="p2">
          <prop name="n" value="v" ns="https://example.org" uuid="{U}1" class="k" group="g">
            <remarks><p>Why.</p></remarks></prop>
          <link href="#x" rel="reference" media-type="text/html" resource-fragment="f"><text>a <em>b</em></text></link>
          <label>how <strong>often</strong></label>
          <usage><p>Use.</p></usage>
          <constraint><description><p>At most.</p></description>
            <test><expression>. &lt; 3</expression><remarks><p>R.</p></remarks></test></constraint>
          <guideline><p>One.</p><p>Two.</p></guideline>
          <value>1</value><value>2</value>
          <remarks><p>End.</p></remarks>
        </param>
        <param id="p2"><select how-many="one-or-more"><choice>a</choice>
          <choice><insert type="param" id-ref="p1"/></choice></select></param>
        <control id="c0"><title>Loose</title></control>
        <group id="g" class="family"><title>Group <code>g</code></title>
          <part id="g_o" name="overview" ns="https://example.org" class="k"><title>T</title>
            <prop name="n" value="v"/><p>First.</p><p>Second.</p><part name="item"/>
            <link href="https://example.org"/></part>
          <control id="c1" class="SP"><title>One</title><control id="c1.1"><title>Sub</title></control></control>
        </group>
        <group><title>Outer</title><group><title>Inner</title></group></group>
        <back-matter><resource uuid="{U}2"><title>R</title><description><p>D.</p></description>
          <document-id scheme="http://www.doi.org/">10.1</document-id>
          <citation><text>Cite <q>this</q></text></citation>
          <rlink href="x.json" media-type="application/json"><hash algorithm="SHA-256">{"0" * 64}</hash></rlink>
          <base64 filename="f" media-type="text/plain">aGk=</base64></resource></back-matter>"""
    )

    assert got.body == {
        "uuid": f"{U}0",
        "metadata": META_JSON,
        "params": [
            {
                "id": "p1",
                "class": "c",
                "depends-on": "p2",
                "props": [
                    {
                        "name": "n",
                        "uuid": f"{U}1",
                        "ns": "https://example.org",
                        "value": "v",
                        "class": "k",
                        "group": "g",
                        "remarks": "Why.",
                    }
                ],
                "links": [
                    {
                        "href": "#x",
                        "rel": "reference",
                        "media-type": "text/html",
                        "resource-fragment": "f",
                        "text": "a *b*",
                    }
                ],
                "label": "how **often**",
                "usage": "Use.",
                "constraints": [
                    {"description": "At most.", "tests": [{"expression": ". < 3", "remarks": "R."}]}
                ],
                "guidelines": [{"prose": "One.\n\nTwo."}],
                "values": ["1", "2"],
                "remarks": "End.",
            },
            {
                "id": "p2",
                "select": {"how-many": "one-or-more", "choice": ["a", "{{ insert: param, p1 }}"]},
            },
        ],
        "controls": [{"id": "c0", "title": "Loose"}],
        "groups": [
            {
                "id": "g",
                "class": "family",
                "title": "Group `g`",
                "parts": [
                    {
                        "id": "g_o",
                        "name": "overview",
                        "ns": "https://example.org",
                        "class": "k",
                        "title": "T",
                        "props": [{"name": "n", "value": "v"}],
                        "prose": "First.\n\nSecond.",
                        "parts": [{"name": "item"}],
                        "links": [{"href": "https://example.org"}],
                    }
                ],
                "controls": [
                    {
                        "id": "c1",
                        "class": "SP",
                        "title": "One",
                        "controls": [{"id": "c1.1", "title": "Sub"}],
                    }
                ],
            },
            {"title": "Outer", "groups": [{"title": "Inner"}]},
        ],
        "back-matter": {
            "resources": [
                {
                    "uuid": f"{U}2",
                    "title": "R",
                    "description": "D.",
                    "document-ids": [{"scheme": "http://www.doi.org/", "identifier": "10.1"}],
                    "citation": {"text": 'Cite "this"'},
                    "rlinks": [
                        {
                            "href": "x.json",
                            "media-type": "application/json",
                            "hashes": [{"algorithm": "SHA-256", "value": "0" * 64}],
                        }
                    ],
                    "base64": {"filename": "f", "media-type": "text/plain", "value": "aGk="},
                }
            ]
        },
    }


def test_metadata_says_in_json_what_its_xml_says() -> None:
    meta = f"""<metadata><title>Small</title><published>2026-11-01T00:00:00Z</published>
      <last-modified>2026-11-01T00:00:00Z</last-modified><version>1</version><oscal-version>1.2.3</oscal-version>
      <revisions><revision><version>0</version></revision><revision><title>T</title><version>0.1</version></revision>
      </revisions><document-id>d</document-id>
      <role id="creator"><title>C</title><short-name>c</short-name><description><p>D.</p></description></role>
      <location uuid="{U}4"><address type="work"><addr-line>Street</addr-line><city>Bonn</city><state>NW</state>
        <postal-code>53113</postal-code><country>DE</country></address><email-address>a@example.org</email-address>
        <telephone-number type="office">1</telephone-number><url>https://example.org</url></location>
      <party uuid="{U}5" type="organization"><name>P</name><short-name>p</short-name>
        <external-id scheme="https://orcid.org">x</external-id><location-uuid>{U}4</location-uuid>
        <member-of-organization>{U}5</member-of-organization></party>
      <responsible-party role-id="creator"><party-uuid>{U}5</party-uuid></responsible-party>
      <action uuid="{U}6" date="2026-11-01T00:00:00Z" type="approval" system="https://example.org"/>
      <remarks><p>R.</p></remarks></metadata>"""

    got = of_catalog("", meta).body["metadata"]

    assert got == {
        **META_JSON,
        "published": "2026-11-01T00:00:00Z",
        "revisions": [{"version": "0"}, {"title": "T", "version": "0.1"}],
        "document-ids": [{"identifier": "d"}],
        "roles": [{"id": "creator", "title": "C", "short-name": "c", "description": "D."}],
        "locations": [
            {
                "uuid": f"{U}4",
                "address": {
                    "type": "work",
                    "addr-lines": ["Street"],
                    "city": "Bonn",
                    "state": "NW",
                    "postal-code": "53113",
                    "country": "DE",
                },
                "email-addresses": ["a@example.org"],
                "telephone-numbers": [{"type": "office", "number": "1"}],
                "urls": ["https://example.org"],
            }
        ],
        "parties": [
            {
                "uuid": f"{U}5",
                "type": "organization",
                "name": "P",
                "short-name": "p",
                "external-ids": [{"scheme": "https://orcid.org", "id": "x"}],
                "location-uuids": [f"{U}4"],
                "member-of-organizations": [f"{U}5"],
            }
        ],
        "responsible-parties": [{"role-id": "creator", "party-uuids": [f"{U}5"]}],
        "actions": [
            {
                "uuid": f"{U}6",
                "date": "2026-11-01T00:00:00Z",
                "type": "approval",
                "system": "https://example.org",
            }
        ],
        "remarks": "R.",
    }


def test_a_profile_says_in_json_what_its_xml_says() -> None:
    got = read(
        f"""<profile {NS} uuid="{U}0">{META}
        <import href="c.xml"><include-all/><exclude-controls with-child-controls="yes"><with-id>a</with-id>
          <matching pattern="b*"/></exclude-controls></import>
        <import href="d.xml"><include-controls><with-id>a</with-id><with-id>b</with-id></include-controls></import>
        <merge><combine method="use-first"/><custom><group id="g"><title>G</title>
          <insert-controls order="ascending"><include-all/></insert-controls></group></custom></merge>
        <modify><set-parameter param-id="p"><value>1</value></set-parameter>
          <alter control-id="a"><remove by-name="n" by-item-name="prop"/>
            <add position="before" by-id="x"><prop name="n" value="v"/><part name="item"><p>P.</p></part></add>
          </alter></modify></profile>"""
    )

    assert got.kind == "profile"
    assert got.body == {
        "uuid": f"{U}0",
        "metadata": META_JSON,
        "imports": [
            {
                "href": "c.xml",
                "include-all": {},
                "exclude-controls": [
                    {
                        "with-child-controls": "yes",
                        "with-ids": ["a"],
                        "matching": [{"pattern": "b*"}],
                    }
                ],
            },
            {"href": "d.xml", "include-controls": [{"with-ids": ["a", "b"]}]},
        ],
        "merge": {
            "combine": {"method": "use-first"},
            "custom": {
                "groups": [
                    {
                        "id": "g",
                        "title": "G",
                        "insert-controls": [{"order": "ascending", "include-all": {}}],
                    }
                ]
            },
        },
        "modify": {
            "set-parameters": [{"param-id": "p", "values": ["1"]}],
            "alters": [
                {
                    "control-id": "a",
                    "removes": [{"by-name": "n", "by-item-name": "prop"}],
                    "adds": [
                        {
                            "position": "before",
                            "by-id": "x",
                            "props": [{"name": "n", "value": "v"}],
                            "parts": [{"name": "item", "prose": "P."}],
                        }
                    ],
                }
            ],
        },
    }


@pytest.mark.parametrize(("text", "want"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_a_truth_of_xml_is_one_in_json(text: str, want: bool) -> None:
    xml = f"""<profile {NS} uuid="{U}0">{META}<import href="c.xml"><include-all/></import>
      <merge><as-is>{text}</as-is></merge></profile>"""

    assert read(xml).body["merge"] == {"as-is": want}


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (
            '<control id="c"><titel>C</titel></control>',
            "f.xml:3: expected an element that control has, got titel",
        ),
        ('<control id="c" x="1"/>', "f.xml:3: expected an attribute that control has, got x"),
        ('<control id="c" title="C"/>', "f.xml:3: expected an attribute that control has, got title"),
        ('<control id="c">text</control>', "f.xml:3: expected elements in control, got text 'text'"),
        (
            '<control id="c"><title>C</title><title>D</title></control>',
            "f.xml:3: expected one title, got another",
        ),
        ('<control id="c"><title x="1">C</title></control>', "f.xml:3: expected title without attributes"),
        (
            '<control id="c"><title><blink/></title></control>',
            "f.xml:3: expected marked-up text, got element blink",
        ),
        (
            '<param id="p"><usage>bare</usage></param>',
            "f.xml:3: expected paragraphs in usage, got bare text 'bare'",
        ),
        ("<control><title>C</title></control>", 'f.xml:3:/catalog/controls/0: "id" is a required property'),
        (
            '<control id="c" xmlns="urn:x"/>',
            "f.xml:3: expected an element of http://csrc.nist.gov/ns/oscal/1.0",
        ),
        ("<control>", "f.xml:3: expected XML, got mismatched tag"),
    ],
)
def test_what_the_model_does_not_have_is_refused_by_its_line(inside: str, words: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        of_catalog(inside)

    assert words in str(caught.value)


ENTITIES = '<!DOCTYPE catalog [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE catalog [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "doctype",
    [ENTITIES, OUTSIDE, '<!DOCTYPE catalog SYSTEM "https://example.org/x.dtd">', "<!DOCTYPE catalog>"],
)
def test_a_document_type_is_refused_before_anything_in_it_is_read(doctype: str) -> None:
    with pytest.raises(CatalogueError, match=r"f\.xml:1: expected XML without a document type or entities"):
        read(f"{doctype}<catalog {NS}>&a;</catalog>")


def test_xml_nested_too_deep_is_refused() -> None:
    with pytest.raises(CatalogueError, match="XML nested too deep"):
        of_catalog("<group>" * 200_000)


def test_another_root_is_refused() -> None:
    with pytest.raises(
        CatalogueError, match=r"f\.xml: expected an OSCAL catalog or profile, got component-definition"
    ):
        read(f"<component-definition {NS}/>")


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"f\.xml"):
        read_bytes(b'<?xml version="1.0" encoding="klingon"?><catalog/>', place="f.xml")


def test_utf_16_is_read() -> None:
    xml = f'<?xml version="1.0" encoding="utf-16"?><catalog {NS} uuid="{U}0">{META}</catalog>'

    assert read_bytes(xml.encode("utf-16"), place="f.xml").body["metadata"] == META_JSON


def test_every_list_of_the_model_has_a_name_of_one_item() -> None:
    known = {
        "controls": "control",
        "parties": "party",
        "responsible-parties": "responsible-party",
        "addresses": "address",
        "email-addresses": "email-address",
        "hashes": "hash",
        "values": "value",
        "choice": "choice",
        "matching": "matching",
        "include-controls": "include-controls",
        "adds": "add",
        "imports": "import",
    }

    assert {name: singular(name) for name in known} == known


def test_every_field_that_stands_bare_is_one_of_the_model() -> None:
    whole = official_schema()["definitions"]
    names = {"document-id": "document-id", "hash": "hash", "telephone-number": "telephone-number"}

    for element, definition in names.items():
        schema, _ = target({"$ref": f"#/definitions/oscal-complete-oscal-metadata:{definition}"})
        assert BARE[element] in fields(schema)
    assert whole
