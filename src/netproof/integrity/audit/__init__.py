"""Reading other people's logs: proofs that are shipped, and audits that remember.

- `open_source`: a log in a folder or on a web server, bounded and without redirects
- `prove`, `check`: what is shipped beside a release, and what it proves offline
- `audit`: is it the same log as last time, is all of it there, do its entries agree
"""

from netproof.integrity.audit.finding import NOTES, Audit, Finding, Kind
from netproof.integrity.audit.model import audit_model, check_model
from netproof.integrity.audit.proof import Checked, check, prove, withdrawal_after
from netproof.integrity.audit.run import Asked, audit, was_told
from netproof.integrity.audit.source import MissingError, Source, open_source

__all__ = [
    "NOTES",
    "Asked",
    "Audit",
    "Checked",
    "Finding",
    "Kind",
    "MissingError",
    "Source",
    "audit",
    "audit_model",
    "check",
    "check_model",
    "open_source",
    "prove",
    "was_told",
    "withdrawal_after",
]
