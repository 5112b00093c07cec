-- Sites with several lines towards the core that may all lie in one duct.
-- A duct may hold all lines if it holds those whose ducts are known; a line without a record may lie in any.
with choice as (
    select
        from_id,
        group_id,
        count(*) as ways
    from dependency
    where kind = 'in_duct' and group_id is not null
    group by from_id, group_id
),

laid as (
    select
        l.site_id,
        l.link_id,
        d.to_id is not null as known,
        case when coalesce(c.ways, 1) = 1 then d.to_id end as duct_id
    from site_line as l
    left join dependency as d on l.link_id = d.from_id and d.kind = 'in_duct'
    left join choice as c on d.from_id = c.from_id and d.group_id = c.group_id
    where l.towards_core
),

of_site as (
    select
        site_id,
        count(distinct link_id) as lines,
        count(distinct case when not known then link_id end) as unknown
    from laid
    group by site_id
    having count(distinct link_id) >= 2
),

of_duct as (
    select
        site_id,
        duct_id,
        count(distinct link_id) as lines
    from laid
    where duct_id is not null
    group by site_id, duct_id
),

fullest as (
    select
        site_id,
        duct_id,
        lines,
        row_number() over (partition by site_id order by lines desc, duct_id asc) as place
    from of_duct
)

select
    s.site_id as subject_id,
    case when f.lines = s.lines then 'fail' else 'no_evidence' end as outcome,
    case
        when f.lines = s.lines then 'all ' || s.lines || ' lines lie in duct ' || f.duct_id
        when s.unknown = s.lines then 'of none of ' || s.lines || ' lines the duct is recorded'
        else
            'of ' || s.unknown || ' of ' || s.lines || ' lines the duct is not recorded, the others '
            || coalesce('lie in ' || f.duct_id, 'have a choice')
    end as reason
from of_site as s
left join fullest as f on s.site_id = f.site_id and f.place = 1
where coalesce(f.lines, 0) + s.unknown >= s.lines
order by subject_id
