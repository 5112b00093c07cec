-- Sites that a single thing outside of them cuts off from all of the core that a service needs; the worst
-- service is told.
with standing as (
    select distinct
        s.site_id,
        s.kind
    from site as s
    inner join critical_component as c on s.site_id = c.site_id
    where s.kind is null or s.kind in ('core_dc', 'regional_dc', 'edge', 'pop')
),

counted as (
    select
        site_id,
        service_id,
        connected,
        nearest_table,
        nearest_id,
        components + links + sites as things,
        row_number() over (
            partition by site_id
            order by
                components + links + sites desc, case when connected then 1 else 0 end asc, service_id asc
        ) as place
    from site_cut
)

select
    s.site_id as subject_id,
    case when c.things > $cuts_max and s.kind is not null then 'fail' else 'no_evidence' end as outcome,
    case
        when c.site_id is null then 'no service has an instance in the core'
        when c.things <= $cuts_max
            then 'no way to the core is recorded for ' || coalesce(c.service_id, 'a service')
        else
            coalesce(cast(c.nearest_table as varchar), 'a thing') || ' '
            || coalesce(c.nearest_id, '(not named)') || ' alone cuts it off from '
            || coalesce(c.service_id, 'a service')
            || case when c.things > 1 then '; things that each do: ' || c.things else '' end
    end || case when s.kind is null then '; what kind of site it is, is not recorded' else '' end as reason
from standing as s
left join counted as c on s.site_id = c.site_id and c.place = 1
where c.site_id is null or c.things > $cuts_max or not c.connected
order by subject_id
