"""Releases of suppliers: who signed them, what is in them, and whether that holds.

`build` fills the tables that tell what the operator's log of releases says.
"""

from netproof.integrity.build import FOLDER, TABLES, build, build_again

__all__ = ["FOLDER", "TABLES", "build", "build_again"]
