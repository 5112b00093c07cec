"""What is found of the fleet beside the verdicts, each with the concrete facts, in SQL."""

from __future__ import annotations

_DIGEST = "coalesce('digest ' || left(lower(hex(sha256)), 16), 'version ' || version, 'what runs')"
_RELEASE = "coalesce('release ' || version || ' of product ' || product_id, 'its release')"
_CHANGE = (
    "cast(changed_at as date) || ', something else ran until ' || cast(changed_after as date) || "
    "coalesce('; last work before: ' || cast(worked_at as date), '; no work on it is recorded before')"
)
_SINCE = (
    "' on ' || cast(said_at as date) || ', ran ' || coalesce('version ' || version || ' with ', '') || "
    f"{_DIGEST} || ' when last measured on ' || cast(observed_at as date)"
)

FINDINGS = {
    "signed_not_logged": (
        "signed_not_logged",
        f"{_DIGEST} || ' is published as table release says, but in no entry of the log'",
    ),
    "fleet_differs": (
        "fleet_differs",
        f"{_DIGEST} || ' is not what runs elsewhere in the fleet as ' || {_RELEASE}",
    ),
    "compared_differs": (
        "compared_differs",
        f"{_DIGEST} || ' is not what another operator''s log has as ' || {_RELEASE}",
    ),
    "version_differs": (
        "sha256 is not null and said_version is not null",
        f"'says version ' || said_version || {_SINCE}",
    ),
    "change_not_recorded": (
        "not change_recorded",
        f"{_DIGEST} || ' runs since ' || {_CHANGE}",
    ),
    "rebuild_different": (
        "rebuild = 'different'",
        f"{_DIGEST} || ' was built again from its source, with another result'",
    ),
    "self_reported": ("self_reported", f"{_DIGEST} || ' is what the component says of itself'"),
}
"""For each finding: which rows of software_verdict, and the reason in words."""

CHANNELS = """
select
    h.channel_id, h.component_id, h.supplier_id, h.ends_in_country, h.abroad,
    h.controlled_by_operator, h.recorded,
    concat_ws(
        '; ',
        case
            when h.abroad then 'ends abroad' || coalesce(', in ' || h.ends_in_country, '')
            when h.abroad is null then 'where it ends is not known'
        end,
        case
            when not h.controlled_by_operator then 'not controlled by the operator'
            when h.controlled_by_operator is null then 'whether the operator controls it is not known'
        end,
        case
            when not h.recorded then 'what passes is not recorded'
            when h.recorded is null then 'whether it is recorded is not known'
        end
    ) as reasons,
    case when i.changed_at is not null then 1 else 0 end as components_changed
from channel as h
left join image_status as i on h.component_id = i.component_id
where h.kind = 'update'
order by h.abroad desc nulls last, h.controlled_by_operator nulls last, h.recorded nulls last, h.channel_id
"""
"""Update channels, the worst first; no reasons: nothing is the matter."""
