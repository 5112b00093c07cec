"""Tables one SELECT away from the others."""

from netproof.derived.build import build, derived_sql, drop, lineage, resting_on

__all__ = ["build", "derived_sql", "drop", "lineage", "resting_on"]
