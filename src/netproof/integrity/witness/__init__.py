"""Who else has seen this tree, and shows everybody the same one?

A witness cosigns a log's checkpoint if it continues what it cosigned before, so a log cannot show two
operators two trees. `cosigning` asks the witnesses of a policy; `application` is a witness for other
operators' logs. Source: C2SP tlog-witness 1.0.0 (5ba5ee8).
"""

from netproof.integrity.witness.client import Cosigning, Heard, cosigning
from netproof.integrity.witness.server import application, check_witness_keys
from netproof.integrity.witness.state import create_state, open_state

__all__ = [
    "Cosigning",
    "Heard",
    "application",
    "check_witness_keys",
    "cosigning",
    "create_state",
    "open_state",
]
