-- Where each restriction holds. Key: restriction_id, function, zone, region, sensitive.
-- A row for each kind of place in use; inside is NULL where the records do not tell, and unknown says
-- what they lack. A zone that is no known word is a slip of the pen, and selects nobody for certain.
with place as (
    select distinct
        a.function,
        a.zone,
        a.region,
        s.sensitive
    from active_component as a
    left join site as s on a.site_id = s.site_id
),

told as (
    select
        function,
        zone,
        region,
        sensitive,
        case
            when function is null or (select count(*) from critical_function) = 0 then null
            else exists (
                select 1
                from critical_function as f
                where f.function = place.function and (f.zone is null or f.zone = place.zone)
            )
        end as critical,
        ';' || cast(zone as varchar) || ';' as zone_word,
        ';' || cast(function as varchar) || ';' as function_word,
        cast(region as varchar) as region_word
    from place
),

selector as (
    select
        restriction_id,
        critical_only,
        sensitive_only,
        ';' || replace(zone, ' ', '') || ';' as zones,
        not regexp_full_match(replace(zone, ' ', ''), '((core|management|transport|access)(;|$))+')
            as zone_slip,
        ';' || replace(function, ' ', '') || ';' as functions,
        ';' || replace(region, '; ', ';') || ';' as regions
    from restriction
),

judged as (
    select
        r.restriction_id,
        p.function,
        p.zone,
        p.region,
        p.sensitive,
        case
            when r.zones is null then true
            when contains(r.zones, p.zone_word) then true
            when p.zone is null or r.zone_slip then null
            else false
        end as in_zone,
        case
            when r.functions is null then true
            else contains(r.functions, p.function_word)
        end as in_function,
        case
            when r.regions is null then true
            else
                contains(r.regions, ';' || p.region_word || ';')
                or contains(r.regions, ';' || left(p.region_word, 1) || '*;')
                or contains(r.regions, ';' || left(p.region_word, 2) || '*;')
                or contains(r.regions, ';' || left(p.region_word, 3) || '*;')
                or contains(r.regions, ';' || left(p.region_word, 4) || '*;')
                or contains(r.regions, ';' || left(p.region_word, 5) || '*;')
        end as in_region,
        not coalesce(r.critical_only, false) or p.critical as in_tree,
        not coalesce(r.sensitive_only, false) or p.sensitive as at_site
    from selector as r
    cross join told as p
)

select
    restriction_id,
    function,
    zone,
    region,
    sensitive,
    in_zone and in_function and in_region and in_tree and at_site as inside,
    case
        when in_zone is null then 'the zone'
        when in_function is null then 'the function'
        when in_region is null then 'the region'
        when in_tree is null then 'whether its function is critical'
        when at_site is null then 'whether its site is sensitive'
    end as unknown
from judged
where coalesce(in_zone and in_function and in_region and in_tree and at_site, true)
