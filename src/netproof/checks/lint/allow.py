"""What a check's SQL may be made of; what stands in no list here is refused.

The functions are those that gave the same rows on DuckDB and Spark when each was tried with
NULLs, duplicates and boundaries; the comments say why a familiar one is absent.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = ("memory", "main")
"""Where the runner keeps its tables."""

OUTCOMES = frozenset({"fail", "no_evidence", "needs_review"})

JOINS = frozenset({"INNER", "LEFT", "RIGHT", "OUTER", "SEMI", "ANTI"})
JOIN_KINDS = frozenset({"REGULAR", "CROSS"})  # no NATURAL (follows every new column), no ASOF, no POSITIONAL
SET_OPERATIONS = frozenset({"UNION", "EXCEPT", "INTERSECT"})

EQUALITIES = frozenset(
    {"COMPARE_EQUAL", "COMPARE_NOTEQUAL", "COMPARE_DISTINCT_FROM", "COMPARE_NOT_DISTINCT_FROM"}
)
ORDERINGS = frozenset(
    {"COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO", "COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO"}
)
ORDERED_KEYS = frozenset({"version_key", "from_key", "upto_key"})
"""Protected columns that are made to be compared by order."""

TEXT_TYPES = frozenset({"varchar", "text", "string"})
WHOLE_TYPES = frozenset({"bigint", "integer", "int"})
CASTS = TEXT_TYPES | WHOLE_TYPES | {"date", "timestamp", "double", "boolean"}

LITERALS = frozenset({"STRING", "INTEGER", "NUMERIC", "BOOLEAN", "NULL_LITERAL"})


@dataclass(frozen=True, slots=True)
class Rule:
    """How a function may be called.

    Attributes:
        least: Fewest arguments.
        most: Most arguments.
        shows: A protected column may be an argument; the result is then display text.
        whole: The result is a whole number.
        literal: Positions whose argument must be a literal.
    """

    least: int
    most: int
    shows: bool = False
    whole: bool = False
    literal: tuple[int, ...] = ()


PATTERNS = frozenset({"~~", "!~~"})  # no ILIKE, SIMILAR TO, GLOB: not the same in Spark

SCALARS: dict[str, Rule] = {
    # text that a person reads
    "||": Rule(2, 2, shows=True),
    "concat": Rule(1, 20, shows=True),
    "concat_ws": Rule(2, 20, shows=True),
    "hex": Rule(1, 1, shows=True),
    "left": Rule(2, 2, shows=True, literal=(1,)),
    "lower": Rule(1, 1, shows=True),
    "replace": Rule(3, 3, shows=True),
    "strftime": Rule(2, 2, literal=(1,)),
    "substr": Rule(2, 3, shows=True, literal=(1, 2)),
    "substring": Rule(2, 3, shows=True, literal=(1, 2)),
    "upper": Rule(1, 1, shows=True),
    # no repeat, lpad, rpad: a few signs would make gigabytes; no regexp_replace: without flag 'g' it differs
    "contains": Rule(2, 2),
    "length": Rule(1, 1, whole=True),
    "regexp_matches": Rule(2, 2, literal=(1,)),
    "split_part": Rule(3, 3, literal=(2,)),
    "starts_with": Rule(2, 2),
    "trim": Rule(1, 1),
    "~~": Rule(2, 2, literal=(1,)),
    "!~~": Rule(2, 2, literal=(1,)),
    # numbers; no x / 0 (see `function.divide`)
    "+": Rule(1, 2),
    "-": Rule(1, 2),
    "*": Rule(2, 2),
    "/": Rule(2, 2),
    "%": Rule(2, 2, whole=True),
    "//": Rule(2, 2, whole=True),
    "abs": Rule(1, 1),
    "ceil": Rule(1, 1, whole=True),
    "floor": Rule(1, 1, whole=True),
    "round": Rule(1, 2, literal=(1,)),
    # days; no age, no date_sub, no dayofweek, no date_diff but of days
    "date_diff": Rule(3, 3, whole=True, literal=(0,)),
    "date_trunc": Rule(2, 2, literal=(0,)),
    "to_days": Rule(1, 1),
    "to_months": Rule(1, 1),
    "to_years": Rule(1, 1),
    "to_hours": Rule(1, 1),
    "year": Rule(1, 1, whole=True),
    "month": Rule(1, 1, whole=True),
    "day": Rule(1, 1, whole=True),
    "date_part": Rule(2, 2, whole=True, literal=(0,)),
    # choices: see `function`
    "if": Rule(3, 3),
    "nullif": Rule(2, 2),
    "greatest": Rule(2, 20),
    "least": Rule(2, 20),
}
INTERVALS = frozenset({"to_days", "to_months", "to_years", "to_hours"})
PARTS = frozenset({"year", "month", "day"})
TRUNCATIONS = frozenset({"year", "month", "day"})

AGGREGATES: dict[str, Rule] = {
    "avg": Rule(1, 1),
    "bool_and": Rule(1, 1),
    "bool_or": Rule(1, 1),
    "count": Rule(1, 1, whole=True),
    "count_star": Rule(0, 0, whole=True),
    "max": Rule(1, 1),
    "min": Rule(1, 1),
    "string_agg": Rule(2, 2, shows=True, literal=(1,)),
    "sum": Rule(1, 1),
    # no any_value, first, last, arg_max, mode: ties and NULLs; no list: NULLs and order differ
}
RANKINGS: dict[str, Rule] = {
    "dense_rank": Rule(0, 0, whole=True),
    "first_value": Rule(1, 1),
    "lag": Rule(1, 3, literal=(1,)),
    "last_value": Rule(1, 1),
    "lead": Rule(1, 3, literal=(1,)),
    "rank": Rule(0, 0, whole=True),
    "row_number": Rule(0, 0, whole=True),
}
FRAMES = frozenset(
    {
        "UNBOUNDED_PRECEDING", "UNBOUNDED_FOLLOWING", "CURRENT_ROW_RANGE", "CURRENT_ROW_ROWS",
        "EXPR_PRECEDING_ROWS", "EXPR_FOLLOWING_ROWS",
    }
)  # fmt: skip

EVERYWHERE = frozenset({"class", "type", "query_location", "query_location_length", "alias"})
"""Fields of a node that are read where they matter, or say nothing."""

NEUTRAL_VALUES: dict[str, object] = {
    "aggregate_handling": "STANDARD_HANDLING",
    "comparison_type": "INVALID",
    "exclude_clause": "NO_OTHER",
    "nearest_count": 1,
    "nearest_order_type": "ASCENDING",
    "order_bys": {"type": "ORDER_MODIFIER", "orders": []},
    "materialized": "CTE_MATERIALIZE_DEFAULT",
    "cte_map": {"map": []},
}
"""Fields that say nothing when they hold this."""

WHAT_IT_IS: dict[str, str] = {
    "sample": "a sample",
    "at_clause": "AT (time travel)",
    "qualify": "QUALIFY",
    "column_name_alias": "a list of column names after an alias",
    "aliases": "a list of column names after a CTE's name",
    "aggregate_handling": "GROUP BY ALL",
    "exclude_clause": "EXCLUDE in a window",
    "try_cast": "TRY_CAST",
    "schema_name": "a schema before the table's name",
    "catalog_name": "a database before the table's name",
    "schema": "a schema before the function's name",
    "catalog": "a database before the function's name",
    "order_bys": "ORDER BY inside this function",
    "distinct": "DISTINCT inside this function",
    "filter": "FILTER on this function",
    "materialized": "MATERIALIZED",
    "key_targets": "USING KEY",
    "distinct_on_targets": "DISTINCT ON",
}
"""Words for a field that must hold nothing."""
