-- National CC certificates that were issued too late to count.
select
    certificate_id as subject_id,
    case when issued_on is null then 'no_evidence' else 'fail' end as outcome,
    case
        when issued_on is null then 'the day of issue is not recorded'
        else 'issued on ' || issued_on || ', after ' || cast($last_issued_on as date)
    end as reason
from certificate
where scheme = 'CC' and (issued_on is null or issued_on > $last_issued_on)
order by subject_id
