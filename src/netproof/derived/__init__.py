"""Tables one SELECT away from the others."""

from netproof.derived.build import build, derived_sql, lineage

__all__ = ["build", "derived_sql", "lineage"]
