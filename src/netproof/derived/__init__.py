"""Tables one SELECT away from the others."""

from netproof.derived.build import build, derived_inputs, derived_sql

__all__ = ["build", "derived_inputs", "derived_sql"]
