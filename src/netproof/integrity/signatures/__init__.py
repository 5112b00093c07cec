"""Who signed a released file, and does that hold? One door: `verify`.

Files in, frozen answers out. Nothing is fetched, nothing is trusted that the user did not put into the trust
folder, and time is an argument.
"""

from netproof.integrity.signatures.answer import Answer, Release, Signature, Signer, Verdict, as_model
from netproof.integrity.signatures.logged import Logged
from netproof.integrity.signatures.logged import read as read_logged
from netproof.integrity.signatures.trust import Trust, read_trust
from netproof.integrity.signatures.verify import verify

__all__ = [
    "Answer",
    "Logged",
    "Release",
    "Signature",
    "Signer",
    "Trust",
    "Verdict",
    "as_model",
    "read_logged",
    "read_trust",
    "verify",
]
