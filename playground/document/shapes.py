"""Which node comes before which, and how wide each one's output is. No walk here recurses: chains may be long.

Checks, edits, layout and canvas ask the same questions of the same network many times over. A network never changes, so
each answer is worked out once, when it is first asked for, and kept for the few networks that were asked about last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from playground.document.catalog import NODE_KINDS, field_of, fit, value
from playground.document.model import Network, Node
from playground.messages import UserError

Neighbours = Mapping[str, tuple[str, ...]]

#: Networks whose answers are kept: the one shown, the one before, the trainer's, and those on the way of an edit.
_KEPT = 16


class _Answers:
    """What has been asked about one network so far. Read by any thread, so nothing in it is changed."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._upstream: dict[str, frozenset[str]] = {}

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        return {node.id: node for node in self._network.nodes}

    @cached_property
    def sources(self) -> Neighbours:
        return self._grouped((wire.target, wire.source) for wire in self._network.wires)

    @cached_property
    def targets(self) -> Neighbours:
        return self._grouped((wire.source, wire.target) for wire in self._network.wires)

    def _grouped(self, pairs: Iterable[tuple[str, str]]) -> Neighbours:
        groups: dict[str, list[str]] = {id: [] for id in self.nodes}
        for near, far in pairs:
            if near in groups and far in groups:
                groups[near].append(far)
        return {id: tuple(group) for id, group in groups.items()}

    @cached_property
    def order(self) -> tuple[str, ...]:
        targets = self.targets
        waiting = {id: len(feeding) for id, feeding in self.sources.items()}
        done = [id for id, count in waiting.items() if count == 0]
        for id in done:  # which grows on the way
            for target in targets[id]:
                waiting[target] -= 1
                if waiting[target] == 0:
                    done.append(target)
        return tuple(done)

    @cached_property
    def trained(self) -> tuple[str, ...]:
        kept = {node.id for node in self._network.nodes if node.kind == "loss"}
        for loss in tuple(kept):
            kept |= reached(self.sources, loss)
        return tuple(id for id in self.order if id in kept)

    def upstream(self, id: str) -> frozenset[str]:
        found = self._upstream.get(id)
        if found is None:
            found = self._upstream[id] = frozenset(reached(self.sources, id))
        return found

    @cached_property
    def widths(self) -> Mapping[str, int | None]:
        nodes, sources = self.nodes, self.sources
        found: dict[str, int | None] = dict.fromkeys(nodes)
        for id in self.order:
            node, feeding = nodes[id], sources[id]
            if node.kind in ("input", "dense"):
                found[id] = _own_width(node)
            elif node.kind in NODE_KINDS:
                found[id] = found[feeding[0]] if len(feeding) == 1 else _joined(node, [found[one] for one in feeding])
        return found


class Same:
    """A key that is one network itself, and no equal one: comparing two of them node by node would take too long."""

    __slots__ = ("network",)

    def __init__(self, network: Network) -> None:
        self.network = network

    def __hash__(self) -> int:
        return id(self.network)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.network is self.network


@lru_cache(_KEPT)
def _answers(key: Same) -> _Answers:
    return _Answers(key.network)


def nodes_of(network: Network) -> Mapping[str, Node]:
    """The nodes by id; of two with one id (a file may have them) the later."""
    return _answers(Same(network)).nodes


def sources_of(network: Network) -> Neighbours:
    """For every node the nodes that feed it, in wire order; wires to or from missing nodes are left out."""
    return _answers(Same(network)).sources


def targets_of(network: Network) -> Neighbours:
    """For every node the nodes that it feeds, in wire order; wires to or from missing nodes are left out."""
    return _answers(Same(network)).targets


def order(network: Network) -> tuple[str, ...]:
    """The node ids so that each comes after all that feed it, otherwise in the order of the document (Kahn, 1962).

    Nodes on a cycle, and what follows from one, are left out: fewer ids than nodes means that there is a cycle.
    """
    return _answers(Same(network)).order


def upstream(network: Network, id: str) -> frozenset[str]:
    """All nodes from which values come to that one, by one wire or more; itself only where it is on a cycle."""
    return _answers(Same(network)).upstream(id)


def trained(network: Network) -> tuple[str, ...]:
    """The ids of the nodes that lead to a loss, it included, so that each comes after its sources.

    Only these are trained; others are left out, as are nodes on a cycle.
    """
    return _answers(Same(network)).trained


def node_widths(network: Network) -> Mapping[str, int | None]:
    """How many values each node gives (a loss: takes); None where that cannot be said: missing inputs, a cycle, …"""
    return _answers(Same(network)).widths


def reached(neighbours: Neighbours, start: str) -> set[str]:
    """All nodes that can be reached from `start` by one step or more through `neighbours`."""
    seen: set[str] = set()
    front = [start]
    while front:
        for near in neighbours.get(front.pop(), ()):
            if near not in seen:
                seen.add(near)
                front.append(near)
    return seen


def cycle(network: Network) -> tuple[str, ...]:
    """The ids of one loop in the direction of its wires, each once; empty where there is none."""
    done = set(order(network))
    sources = sources_of(network)
    left = [node.id for node in network.nodes if node.id not in done]
    if not left:
        return ()
    # Every node that is left has a source that is left too, so walking back must come round.
    back: dict[str, int] = {}
    at = left[0]
    while at not in back:
        back[at] = len(back)
        at = next(source for source in sources[at] if source not in done)
    return tuple(reversed([id for id, step in back.items() if step >= back[at]]))


def _own_width(node: Node) -> int | None:
    """How many values an input or a dense node gives, whatever it takes."""
    if "width" not in node.known:
        given = _fitting(node, "units" if node.kind == "dense" else "features")
        node.known["width"] = len(given) if isinstance(given, tuple) else given if isinstance(given, int) else None
    width: int | None = node.known["width"]
    return width


def _joined(node: Node, incoming: list[int | None]) -> int | None:
    """How many values a node gives that takes those of others."""
    known = [width for width in incoming if width is not None]
    if not known or len(known) < len(incoming):
        return None
    if node.kind == "concat":
        return sum(known)
    return known[0] if len(set(known)) == 1 else None


def _fitting(node: Node, key: str) -> object:
    try:
        fitted: object = fit(field_of(node, key), value(node, key))
    except UserError:
        return None
    return fitted
