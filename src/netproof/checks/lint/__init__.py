"""Whether a check's SQL is one portable, deterministic, read-only and neutral SELECT.

The text is parsed by DuckDB itself; its tree is walked with lists of what is allowed, and
everything else is refused. Which columns flow where is followed through subqueries, CTEs
and set operations (`value`). What is handed on is rendered from the tree, never typed.
"""

from netproof.checks.lint.rule import Known, Linted, lint

__all__ = ["Known", "Linted", "lint"]
