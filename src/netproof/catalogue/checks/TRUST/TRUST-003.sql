-- Suppliers of critical components whose declarations leave out a clause.
-- verified: the clause stands in a text that was read; the others are remembered and only raise a question.
with asked as (
    select
        'audit_access' as clause,
        true as verified
    union all
    select
        'change_notice' as clause,
        true as verified
    union all
    select
        'contractual_penalty' as clause,
        true as verified
    union all
    select
        'lapse_notice' as clause,
        false as verified
    union all
    select
        'no_disclosure_abroad' as clause,
        true as verified
    union all
    select
        'no_hidden_function' as clause,
        false as verified
    union all
    select
        'security_tests' as clause,
        true as verified
    union all
    select
        'vulnerability_notice' as clause,
        true as verified
),

declared as (
    select
        s.supplier_id,
        d.declaration_id
    from critical_supplier as s
    inner join declaration_state as d on s.supplier_id = d.supplier_id
    where coalesce(d.valid, true)
),

covered as (
    select distinct
        d.supplier_id,
        cast(c.clause as varchar) as clause
    from declared as d
    inner join commitment as c on d.declaration_id = c.declaration_id
),

expected as (
    select
        s.supplier_id,
        a.clause,
        a.verified
    from (select distinct supplier_id from declared) as s
    cross join asked as a
),

missing as (
    select
        e.supplier_id,
        count(*) as clauses,
        max(case when e.verified then 1 else 0 end) as verified,
        string_agg(e.clause, ', ' order by e.clause) as named
    from expected as e
    left join covered as c on e.supplier_id = c.supplier_id and e.clause = c.clause
    where c.clause is null
    group by e.supplier_id
),

listed as (
    select distinct supplier_id
    from covered
)

select
    m.supplier_id as subject_id,
    case
        when l.supplier_id is null then 'no_evidence'
        when m.verified = 1 then 'fail'
        else 'needs_review'
    end as outcome,
    case
        when l.supplier_id is null then 'no clause of its declaration is recorded'
        when m.verified = 1 then 'not covered: ' || m.named
        else 'not covered, and remembered only (look it up): ' || m.named
    end as reason
from missing as m
left join listed as l on m.supplier_id = l.supplier_id
order by subject_id
