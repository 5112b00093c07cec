"""Prometheus' text and answers: what is read, what is told and not taken, what is refused."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.sources.observations.exposition import Sample, samples
from netproof.sources.observations.prometheus import read_exposition, read_query
from netproof.sources.observations.seen import PROMETHEUS, Seen, Slot

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.sources.observations.seen import Reading

DIGEST = "ab" * 32
AT = 1_795_305_557
MOMENT = datetime(2026, 11, 22, 0, 0, 0, tzinfo=UTC).fromtimestamp(AT, UTC)


def text(said: str) -> Reading:
    """What a target's text says."""
    return read_exposition(io.BytesIO(said.encode()), "t")


def query(*metrics: dict[str, str], **more: Any) -> Reading:
    """What an answer with these series says, each of value 1."""
    series = [{"metric": metric, "value": [AT + 0.2, "1"]} for metric in metrics]
    answer = {"status": "success", "data": {"resultType": "vector", "result": series}, **more}
    return read_query(io.BytesIO(json.dumps(answer).encode()), "q")


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("up 1", Sample(1, "up", {}, 1.0, None)),
        ("up{} 1 1395066363000", Sample(1, "up", {}, 1.0, 1395066363000.0)),
        ('a_info{b="c,}= ",d="\\"\\\\\\n"} 1', Sample(1, "a_info", {"b": "c,}= ", "d": '"\\\n'}, 1.0, None)),
        ('a { b = "c" , } +Inf', Sample(1, "a", {"b": "c"}, float("inf"), None)),
        ('{"my.metric", "a.b"="c"} 2e3', Sample(1, "my.metric", {"a.b": "c"}, 2000.0, None)),
        ('a_total 17 1520879607.789 # {trace="x"} 0.67', Sample(1, "a_total", {}, 17.0, 1520879607.789)),
    ],
)
def test_a_sample_is_read_in_every_form_of_the_text(line: str, want: Sample) -> None:
    assert list(samples(io.BytesIO(line.encode()), "t")) == [want]


@pytest.mark.parametrize(
    "line",
    [
        "up",
        "up one",
        'up{a="b} 1',
        "up{a=b} 1",
        'up{a="b",a="c"} 1',
        '{a="b"} 1',
        "5 5",
        'up{a="b"} 1 2 3',
        "é 1",
    ],
)
def test_a_line_that_is_no_sample_is_refused_by_place(line: str) -> None:
    with pytest.raises(SourceError, match="t:2:"):
        list(samples(io.BytesIO(f"# HELP up\n{line}\n".encode()), "t"))


def test_a_build_info_tells_a_version_and_no_digest() -> None:
    got = text('amf_build_info{version="7.1",goversion="go1.24"} 1\ngo_info{version="go1.24"} 1\n')

    assert got.seen == (Seen((), 1, version="7.1", source=PROMETHEUS),)


def test_a_label_with_a_digest_counts_whatever_the_metric_is_called() -> None:
    got = query(
        {
            "__name__": "image",
            "component_id": "A",
            "sha256": DIGEST.upper(),
            "version": "7.1",
            "slot": "firmware",
        },
        {"__name__": "kube_pod_container_info", "node": "n1", "image_id": f"docker://r/amf@sha256:{DIGEST}"},
    )

    assert got.seen == (
        Seen(("A",), 1, version="7.1", sha256=DIGEST, slot=Slot.FIRMWARE, at=MOMENT, source=PROMETHEUS),
        Seen(("n1",), 2, sha256=DIGEST, at=MOMENT, source=PROMETHEUS),
    )


def test_an_instance_is_known_with_and_without_its_port() -> None:
    got = query(
        {"__name__": "a_build_info", "instance": "127.0.0.4:9090", "version": "1"},
        {"__name__": "a_build_info", "instance": "[2001:db8::1]:9090", "version": "1"},
        {"__name__": "a_build_info", "instance": "core-1", "version": "1"},
    )

    assert [seen.names for seen in got.seen] == [
        ("127.0.0.4:9090", "127.0.0.4"),
        ("[2001:db8::1]:9090", "2001:db8::1"),
        ("core-1",),
    ]


def test_a_target_s_own_instance_label_names_nobody() -> None:
    assert text('a_build_info{instance="core-2",version="1"} 1\n').seen == (
        Seen((), 1, version="1", source=PROMETHEUS),
    )


def test_what_monitoring_says_of_itself_is_told_and_not_taken() -> None:
    got = query({"__name__": "node_exporter_build_info", "instance": "a:9100", "version": "1.8.0"})

    assert got.seen == ()
    assert [item.reason for item in got.passed] == [
        "node_exporter_build_info speaks of the monitoring itself"
    ]


def test_metrics_that_differ_about_a_component_are_told_and_none_is_taken() -> None:
    got = query(
        {"__name__": "a_build_info", "instance": "a", "version": "1"},
        {"__name__": "b_build_info", "instance": "a", "version": "2"},
    )

    assert got.seen == ()
    assert got.passed[0].reason == "metrics differ about what runs: a_build_info '1', b_build_info '2'"


def test_a_digest_decides_over_metrics_that_only_tell_versions() -> None:
    got = query(
        {"__name__": "a_build_info", "instance": "a", "version": "1"},
        {"__name__": "image", "instance": "a", "version": "2", "sha256": DIGEST},
    )

    assert [(seen.version, seen.sha256) for seen in got.seen] == [("2", DIGEST)]


def test_a_range_tells_the_first_and_the_last_moment_at_which_it_ran() -> None:
    series = {"metric": {"__name__": "a_build_info", "instance": "a", "version": "1"}}
    points = [[AT, "0"], [AT + 60, "1"], [AT + 120, "1"], [AT + 180, "1"], [AT + 240, "0"]]
    answer = {"status": "success", "data": {"resultType": "matrix", "result": [series | {"values": points}]}}

    got = read_query(io.BytesIO(json.dumps(answer).encode()), "q")

    assert [seen.at and int(seen.at.timestamp()) - AT for seen in got.seen] == [60, 180]


def test_a_server_s_warnings_are_told() -> None:
    got = query(warnings=["partial response"])

    assert [item.reason for item in got.passed] == ["the server warns: 'partial response'"]


def test_an_answer_without_versions_says_so() -> None:
    assert [item.reason for item in query({"__name__": "up", "instance": "a"}).passed] == [
        "no metric ends in _build_info or names a SHA-256 digest"
    ]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            '{"status":"error","error":"bad query"}',
            "q:/status: expected an answer with success, got 'bad query'",
        ),
        (
            '{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}',
            "q:/data: expected a vector",
        ),
        (
            '{"status":"success","data":{"resultType":"vector","result":[{}]}}',
            "q:/data/result/0/metric: expected",
        ),
        (
            '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[true,"1"]}]}}',
            "q:/data/result/0/value: expected a moment",
        ),
        (
            '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"x"]}]}}',
            "q:/data/result/0/value: expected a moment",
        ),
        ('{"status": NaN}', "q:1:12: expected JSON"),
        ("[" * 5000, "q:"),
        ("[]", "q:/status: expected"),
    ],
)
def test_what_is_no_answer_of_a_query_is_refused_by_place(answer: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_query(io.BytesIO(answer.encode()), "q")

    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("at", ["1e400", "-5", "9e15"])
def test_a_moment_that_no_calendar_has_is_no_moment(at: str) -> None:
    answer = (
        '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"a_build_info",'
        f'"instance":"a","version":"1"}},"value":[{at},"1"]}}]}}}}'
    )
    if at == "1e400":
        with pytest.raises(SourceError):
            read_query(io.BytesIO(answer.encode()), "q")
        return

    assert [seen.at for seen in read_query(io.BytesIO(answer.encode()), "q").seen] == [None]


@pytest.mark.parametrize(
    "file", ["query-up.json", "query-ALERTS.json", "query-process_start_time_seconds.json"]
)
def test_real_answers_without_versions_are_read(shared_data: Path, file: str) -> None:
    with (shared_data / "evidence" / file).open("rb") as answer:
        got = read_query(answer, file)

    assert got.seen == ()
    assert len(got.passed) == 1
