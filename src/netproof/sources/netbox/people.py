"""Contacts become persons under a pseudonym: no name, address or number is ever written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netproof.sources.netbox.estate import Estate
    from netproof.sources.netbox.reading import Record

# A contact of these belongs to another company; every other contact is the operator's own.
_EMPLOYERS = {"dcim.manufacturer": "manufacturer", "circuits.provider": "provider"}


def put_people(estate: Estate) -> None:
    """Add a person for each contact, with the roles and the employer of its assignments."""
    assigned: dict[int, list[Record]] = {}
    for record in estate.answers.of("tenancy.contact-assignments"):
        assigned.setdefault(record.needed("contact"), []).append(record)
    for record in estate.answers.of("tenancy.contacts"):
        person = f"contact-{record.id}"
        source = estate.tally.use("tenancy.contacts", record.id)
        roles: set[str] = set()
        employers: set[str] = set()
        for item in assigned.pop(record.id, []):
            estate.tally.use("tenancy.contact-assignments", item.id)
            role = item.within("role")
            roles |= {role.text("name")} if role else set()
            kind = _EMPLOYERS.get(item.text("object_type"))
            employer = f"{kind}-{item.integer('object_id')}"
            employers |= {employer} if kind and estate.has("supplier", employer) else set()
        if len(employers) > 1:
            estate.tally.note(
                f"{person} is a contact of {', '.join(sorted(employers))}: the first is its employer"
            )
        estate.put(
            "person",
            (person,),
            {
                "person_id": person,
                "employer_id": min(employers, default=""),
                "role": ", ".join(sorted(roles - {""})),
                "x_source": source,
            },
        )
    for items in assigned.values():
        for item in items:
            estate.tally.leave("tenancy.contact-assignments", item.id, "its contact is not among the answers")
