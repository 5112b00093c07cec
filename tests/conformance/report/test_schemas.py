"""Reports for other tools follow the schemas that others published."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from netproof import report
from netproof.oscal.read import read_document
from tests.unit.report.tool_models import MODELS
from tests.unit.report.workbook import parsed

if TYPE_CHECKING:
    from pathlib import Path

OCSF_VERSIONS = ("1.5.0", "1.6.0", "1.7.0", "1.8.0")
OSCAL = {"oscal": "assessment-results", "poam": "plan-of-action-and-milestones"}
TRESTLE = """
import sys, pathlib
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.poam import PlanOfActionAndMilestones
for name in sys.argv[1:]:
    kind = AssessmentResults if name.endswith(".oscal.json") else PlanOfActionAndMilestones
    read = kind.oscal_read(pathlib.Path(name))
    assert read is not None, name
    print(read.uuid)
"""


def breaches(validator: Any, document: Any) -> list[str]:
    return [f"{error.instance_path}: {error.message[:200]}" for error in validator.iter_errors(document)][:5]


@pytest.fixture(scope="module")
def sarif_schema(shared_data: Path) -> Any:
    text = (shared_data / "schemas" / "sarif-schema-2.1.0.json").read_text("utf-8")
    return jsonschema_rs.validator_for(json.loads(text), validate_formats=True)


@pytest.fixture(scope="module", params=OCSF_VERSIONS)
def ocsf_schema(request: pytest.FixtureRequest) -> Any:
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=request.param))
    return jsonschema_rs.validator_for(schema.get_class_schema(class_name="compliance_finding", profiles=[]))


@pytest.mark.parametrize("name", MODELS)
def test_sarif_follows_the_schema_of_oasis(name: str, sarif_schema: Any) -> None:
    assert breaches(sarif_schema, json.loads(report.write(MODELS[name], "sarif"))) == []


@pytest.mark.parametrize("name", MODELS)
def test_every_event_follows_the_schema_of_ocsf(name: str, ocsf_schema: Any) -> None:
    assert [breaches(ocsf_schema, e) for e in json.loads(report.write(MODELS[name], "ocsf"))] == [
        [] for _ in json.loads(report.write(MODELS[name], "ocsf"))
    ]


def test_the_schema_of_ocsf_refuses_what_is_no_finding(ocsf_schema: Any) -> None:
    event = json.loads(report.write(MODELS["sample"], "ocsf"))[0]

    assert breaches(ocsf_schema, event | {"class_uid": 2002})
    assert breaches(ocsf_schema, event | {"extra": 1})
    assert breaches(ocsf_schema, {key: value for key, value in event.items() if key != "finding_info"})


@pytest.mark.parametrize("format_", OSCAL)
@pytest.mark.parametrize("name", MODELS)
def test_oscal_follows_the_schema_of_nist(name: str, format_: str) -> None:
    text = report.write(MODELS[name], format_)

    assert read_document(text, OSCAL[format_], place=name)["metadata"]["oscal-version"] == "1.2.3"


@pytest.mark.slow
def test_compliance_trestle_reads_both_documents_of_every_model(tmp_path: Path) -> None:
    python = os.environ.get("NETPROOF_TRESTLE_PYTHON")
    if not python:
        pytest.skip("no compliance-trestle (set NETPROOF_TRESTLE_PYTHON to a Python that has it)")
    want = []
    for number, model in enumerate(MODELS.values()):
        for format_, kind in OSCAL.items():
            text = report.write(model, format_)
            (tmp_path / f"{number}.{format_}.json").write_text(text, "utf-8")
            want.append(json.loads(text)[kind]["uuid"])
    names = sorted(tmp_path.iterdir())
    done = subprocess.run(
        [python, "-c", TRESTLE, *map(str, names)], capture_output=True, text=True, timeout=300, check=False
    )

    assert done.stdout.split() == want, done.stderr[-2000:]


CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "property": set(),
    "testcase": {"failure", "error", "skipped", "system-out"},
    "failure": set(),
    "error": set(),
    "skipped": set(),
    "system-out": set(),
}
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "timestamp"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"classname", "name"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set(),
}


@pytest.mark.parametrize("name", MODELS)
def test_junit_has_the_elements_and_attributes_that_build_servers_know(name: str) -> None:
    root = parsed(report.write(MODELS[name], "junit"))

    assert root.tag == "testsuites"
    for element in root.iter():
        assert {child.tag for child in element} <= CHILDREN[element.tag]
        assert set(element.attrib) == ATTRIBUTES[element.tag]
        if element.tag == "testcase":
            assert len(element) <= 1
