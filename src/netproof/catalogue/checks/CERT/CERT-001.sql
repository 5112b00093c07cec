-- Critical components that could be certified and have no valid certificate for product and version in use.
-- Of several certificates of the product the reason names the one that comes nearest.
with nearest as (
    select
        product_id,
        version,
        catalogue_id,
        tree_rank,
        grade,
        case
            when grade = 1 and version is null
                then 'no version is recorded; whether certificate ' || certificate_id || ' covers it is open'
            when grade = 1 and scheme_asked is null
                then 'the scheme of certificate ' || certificate_id || ' is not recorded'
            when grade = 1 and valid_on_date is null
                then
                    case
                        when status is null then 'the status'
                        when issued_on is null then 'the day of issue'
                        else 'the last valid day'
                    end || ' of certificate ' || certificate_id || ' is not recorded'
            when grade = 1
                then
                    'whether certificate ' || certificate_id || ' (' || coalesce(version_from, '?') || ' to '
                    || coalesce(version_to, '?') || ') covers version ' || version || ' cannot be told'
            when grade = 2 and status <> 'valid' then 'certificate ' || certificate_id || ' is ' || status
            when grade = 2 and issued_on > $as_of
                then 'certificate ' || certificate_id || ' is valid only from ' || issued_on
            when grade = 2 then 'certificate ' || certificate_id || ' expired on ' || expires_on
            when grade = 5
                then
                    'certificate ' || certificate_id || ' is of scheme ' || scheme || ', asked for is '
                    || replace(schemes, ';', ' or ')
            else
                'certificate ' || certificate_id || ' covers ' || coalesce(version_from, 'all') || ' to '
                || coalesce(version_to, version_from, '?') || ', not version ' || version
                || case when grade = 4 then ', and is not valid on the date' else '' end
        end as reason
    from nearest_certificate
)

select
    c.component_id as subject_id,
    case
        when c.product_id is null or n.grade = 1 then 'no_evidence'
        when a.documents is null or a.deadline > $as_of then 'needs_review'
        else 'fail'
    end as outcome,
    case
        when c.product_id is null then 'no product is recorded'
        when n.grade is null then 'no certificate for product ' || c.product_id
        else n.reason
    end
    || case
        when c.product_id is null or n.grade = 1 then ''
        when a.documents is null then '; no requirement document is admitted for ' || c.function || ' yet'
        when a.deadline > $as_of then '; required from ' || a.deadline
        else ''
    end as reason
from critical_component as c
left join nearest as n
    on
        c.product_id = n.product_id
        and c.version_in_use is not distinct from n.version
        and c.catalogue_id = n.catalogue_id
        and c.tree_rank = n.tree_rank
left join admitted_function as a on c.catalogue_id = a.catalogue_id and c.function = a.function
where c.route = 'open' and (n.grade is null or n.grade > 0)
order by subject_id
