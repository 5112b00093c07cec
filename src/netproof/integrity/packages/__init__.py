"""Packages of suppliers, opened safely: what lies in them, and what their bytes show.

`inventory` is the door. What is refused, and why, stands in `refusal`; how much a package may ask of the
machine, in `limits`.
"""

from __future__ import annotations

from netproof.integrity.packages.inventory import Address, Inventory, inventory
from netproof.integrity.packages.keys import KeyFound
from netproof.integrity.packages.reading import Member, SetAside
from netproof.integrity.packages.services import Service

__all__ = ["Address", "Inventory", "KeyFound", "Member", "Service", "SetAside", "inventory"]
