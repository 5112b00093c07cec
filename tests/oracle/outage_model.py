"""The slow truth about outages: losses straight from rows of tables, with networkx and loops.

Written from the design alone ("Failure, precisely"); shares no code and no array with netproof.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Node = tuple[str, str]


@dataclass
class Model:
    """A network of rows on a date; nodes are ("component", id), ("site", id) or ("thing", id)."""

    tables: Tables
    as_of: str
    components: dict[str, Row] = field(default_factory=dict)
    sites: dict[str, Row] = field(default_factory=dict)
    links: dict[str, tuple[Node, Node]] = field(default_factory=dict)
    needs: list[tuple[Node, list[Node]]] = field(default_factory=list)
    people: dict[Node, int] = field(default_factory=dict)
    known: dict[Any, set[Node]] = field(default_factory=dict)
    graph: Any = None

    def __post_init__(self) -> None:
        self.sites = {row["site_id"]: row for row in self.rows("site")}
        self.components = {row["component_id"]: row for row in self.rows("component") if self._in_use(row)}
        for row in self.rows("link"):
            a, b = self.node(row["a_id"]), self.node(row["b_id"])
            if a is not None and b is not None:
                self.links[row["link_id"]] = (a, b)
        self.graph = nx.MultiGraph()
        self.graph.add_nodes_from(("site", one) for one in self.sites)
        self.graph.add_nodes_from(("component", one) for one in self.components)
        for name, (a, b) in self.links.items():
            self.graph.add_edge(a, b, key=name)
        self._wire_sites()
        self._read_needs()
        self._spread_people()

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def _in_use(self, row: Row) -> bool:
        first, last = row.get("first_used_on"), row.get("retired_on")
        return (first is None or first <= self.as_of) and (last is None or last > self.as_of)

    def node(self, name: str) -> Node | None:
        if name in self.components:
            return ("component", name)
        if name in self.sites:
            return ("site", name)
        return None

    def element(self, name: str) -> Node | None:
        found = self.node(name)
        if found is None and name in self.links:
            return ("link", name)
        return found

    def site_of(self, node: Node) -> str | None:
        if node[0] == "site":
            return node[1]
        if node[0] == "component":
            site = self.components[node[1]].get("site_id")
            return site if site in self.sites else None
        return None

    def at_site(self, site: str) -> list[Node]:
        return [
            ("component", name) for name, row in sorted(self.components.items()) if row.get("site_id") == site
        ]

    def _wire_sites(self) -> None:
        for site in self.sites:
            wired = any(
                a != b and self.site_of(a) == site and self.site_of(b) == site for a, b in self.links.values()
            )
            if not wired:
                for node in self.at_site(site):
                    self.graph.add_edge(node, ("site", site), key=("implied", node))

    def _known(self, name: str) -> bool:
        return any(
            name == row[f"{table}_id"] for table in ("component", "site", "link") for row in self.rows(table)
        )

    def _read_needs(self) -> None:
        groups: dict[tuple[Node, str], set[Node]] = {}
        for row in self.rows("dependency"):
            source, target = self.element(row["from_id"]), self.element(row["to_id"])
            if target is None and not self._known(row["to_id"]):
                target = ("thing", row["to_id"])
            if source is None and ("thing", row["from_id"]) in {
                ("thing", other["to_id"])
                for other in self.rows("dependency")
                if not self._known(other["to_id"])
            }:
                source = ("thing", row["from_id"])
            if source is None or target is None:
                continue
            if row.get("group_id") is None:
                self.needs.append((source, [target]))
            else:
                groups.setdefault((source, row["group_id"]), set()).add(target)
        self.needs += [(source, sorted(members)) for (source, _), members in groups.items()]
        self.needs += [
            (("component", name), [("site", site)])
            for name in self.components
            if (site := self.site_of(("component", name))) is not None
        ]

    def _spread_people(self) -> None:
        for name, row in self.components.items():
            self.people[("component", name)] = max(row.get("population") or 0, 0)
        for site, row in self.sites.items():
            total, nodes = row.get("population") or 0, self.at_site(site)
            if total <= 0 or any(self.components[node[1]].get("population") is not None for node in nodes):
                continue
            if not nodes:
                self.people[("site", site)] = total
                continue
            chosen = [n for n in nodes if self.components[n[1]].get("zone") == "access"] or nodes
            for place, node in enumerate(chosen):
                self.people[node] = total // len(chosen) + (place < total % len(chosen))

    def down(self, own: set[Node]) -> set[Node]:
        """Return the closure of what fails."""
        result = set(own)
        while True:
            more = {t for t, members in self.needs if t not in result and all(m in result for m in members)}
            if not more:
                return result
            result |= more

    def services(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.rows("service"):
            found.setdefault(row["service_id"], []).append(row["function"])
        return found or {"connection": [""]}

    def instances(self, service: str, function: str, site: str | None) -> set[Node]:
        provide = {
            ("component", name)
            for name, row in self.components.items()
            if (row.get("zone") == "core" if function == "" else row.get("function") == function)
        }
        pins = [
            row["component_id"]
            for row in self.rows("homing")
            if (row["site_id"], row["service_id"], row["function"]) == (site, service, function)
        ]
        return provide & {("component", one) for one in pins} if pins else provide

    def up_graph(self, down: set[Node]) -> Any:
        left = nx.MultiGraph()
        left.add_nodes_from(node for node in self.graph if node not in down)
        for a, b, key in self.graph.edges(keys=True):
            name = ("link", key) if isinstance(key, str) else key
            if a in left and b in left and name not in down:
                left.add_edge(a, b, key=key)
        return left

    def without(self, service: str, down: set[Node]) -> set[Node]:
        """Return the nodes with people who lack a service; '' stands for lacking any."""
        asked = service, frozenset(down)
        if asked not in self.known:
            self.known[asked] = self._without(service, down)
        return self.known[asked]

    def _without(self, service: str, down: set[Node]) -> set[Node]:
        left = self.up_graph(down)
        piece = {node: number for number, part in enumerate(nx.connected_components(left)) for node in part}
        wanted = [s for s in self.services() if service in ("", s)]
        lost = set()
        for node, people in self.people.items():
            if not people:
                continue
            served = node in piece and all(
                any(
                    piece.get(one) == piece[node]
                    for one in self.instances(name, function, self.site_of(node))
                )
                for name in wanted
                for function in self.services()[name]
            )
            if not served:
                lost.add(node)
        return lost

    def dark(self, lost: set[Node]) -> set[str]:
        """Return the sites all of whose people are lost."""
        return {
            site
            for site in self.sites
            if (there := [n for n, p in self.people.items() if p and self.site_of(n) == site])
            and all(n in lost for n in there)
        }

    def loss(self, service: str, down: set[Node]) -> tuple[int, int]:
        """Return people and sites lost beyond the baseline."""
        before, after = self.without(service, set()), self.without(service, down)
        assert before <= after
        people = sum(self.people[node] for node in after - before)
        return people, len(self.dark(after)) - len(self.dark(before))

    def ends(self, name: str) -> list[Node] | None:
        """Return the nodes any of which is the end of a flow."""
        node = self.node(name)
        if node is None:
            return None
        if node[0] == "component" or any(a != b for a, b in self.graph.edges(node)):
            return [node]
        ways = {
            end
            for a, b in self.links.values()
            if self.site_of(a) != self.site_of(b)
            for end in (a, b)
            if self.site_of(end) == node[1]
        }
        return sorted(ways) or [node]

    def apart(self, row: Row, down: set[Node]) -> bool | None:
        """Return whether the ends of a flow are apart; None: one is not part of the network."""
        one, other = self.node(row["from_id"]), self.node(row["to_id"])
        if one is None or other is None:
            return None
        sources, targets = self.ends(row["from_id"]), self.ends(row["to_id"])
        if self.site_of(one) is not None and self.site_of(one) == self.site_of(other):
            if one[0] == "site" and other[0] != "site":
                sources = targets = [other]
            elif other[0] == "site" and one[0] != "site":
                sources = targets = [one]
        left = self.up_graph(down)
        assert sources is not None
        assert targets is not None
        return not any(
            a in left and b in left and nx.has_path(left, a, b)
            for a, b in itertools.product(sources, targets)
        )

    def demand(self, down: set[Node]) -> float:
        """Return the rates of flows that are torn apart."""
        return sum(
            row.get("rate_gbps") or 0.0
            for row in self.rows("flow")
            if self.apart(row, set()) is False and self.apart(row, down)
        )

    def supplier_of(self, row: Row) -> set[str]:
        makers = {one["product_id"]: one.get("supplier_id") for one in self.rows("product")}
        made, given = makers.get(row.get("product_id")), row.get("supplier_id")
        return {one for one in (given or made, made or given) if one}

    def events(self) -> dict[tuple[str, str], set[Node]]:
        """Return every event and what fails at first."""
        found: dict[tuple[str, str], set[Node]] = {}
        self._single_events(found)
        self._shared_events(found)
        for row in self.rows("event"):
            found.setdefault(("custom", row["event_id"]), set())
            if (member := self.element(row["member_id"])) is not None:
                found["custom", row["event_id"]].add(member)
        return found

    def _single_events(self, found: dict[tuple[str, str], set[Node]]) -> None:
        things = {row["to_id"] for row in self.rows("dependency") if not self._known(row["to_id"])}
        ducts = {row["to_id"] for row in self.rows("dependency") if row.get("kind") == "in_duct"}
        for name, row in self.components.items():
            kind = (
                "duct" if name in ducts else "facility" if row.get("function") == "FACILITY" else "component"
            )
            found[kind, name] = {("component", name)}
        for name in things:
            found["duct" if name in ducts else "facility", name] = {("thing", name)}
        for name in self.sites:
            found["site", name] = {("site", name)}
        for name in self.links:
            found["link", name] = {("link", name)}

    def region(self, node: Node) -> str | None:
        """Return the region of a node's site."""
        site = self.site_of(node)
        return self.sites[site].get("region") if site is not None else None

    def _shared_events(self, found: dict[tuple[str, str], set[Node]]) -> None:
        def add(kind: str, node: Node, *parts: str | None) -> None:
            if all(parts):
                found.setdefault((kind, "/".join(part or "" for part in parts)), set()).add(node)

        for name, row in self.components.items():
            node = ("component", name)
            add("product", node, row.get("product_id"))
            add("release", node, row.get("product_id"), row.get("version"))
            for supplier in self.supplier_of(row):
                add("supplier", node, supplier)
                add("supplier_zone", node, supplier, row.get("zone"))
                add("supplier_region", node, supplier, self.region(node))
        for row in self.rows("link"):
            node = ("link", row["link_id"])
            if row["link_id"] in self.links:
                add("supplier", node, row.get("provider_id"))
                for end in self.links[row["link_id"]]:
                    add("supplier_region", node, row.get("provider_id"), self.region(end))

    def paths(self, one: list[Node], other: list[Node]) -> tuple[set[Any], set[Any]]:
        """Return what lies on every and on some simple path between any of two lists of ends, by enumeration."""
        every: set[Any] | None = None
        some: set[Any] = set()
        for a, b in itertools.product(one, other):
            routes = [[(a, a, None)]] if a == b else list(nx.all_simple_edge_paths(self.graph, a, b))
            for route in routes:
                passed = {end for step in route for end in step[:2]} | {
                    ("link", step[2]) for step in route if isinstance(step[2], str)
                }
                some |= passed
                every = passed if every is None else every & passed
        return every or set(), some
