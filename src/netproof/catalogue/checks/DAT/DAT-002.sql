-- Sites of which kind, region or coordinates are not recorded.
select
    site_id as subject_id,
    'no_evidence' as outcome,
    'not recorded: ' || concat_ws(
        ', ',
        case when kind is null then 'kind' end,
        case when region is null then 'region' end,
        case when latitude_deg is null or longitude_deg is null then 'coordinates' end
    ) as reason
from site
where kind is null or region is null or latitude_deg is null or longitude_deg is null
order by subject_id
