-- Whether each declaration holds on the date; NULL where the records do not tell. Key: declaration_id.
select
    declaration_id,
    supplier_id,
    form,
    signed_on,
    valid_to,
    signature,
    signed_on <= $as_of
    and (valid_to is null or valid_to >= $as_of)
    and case signature when 'valid' then true when 'invalid' then false end as valid
from declaration
