"""Which node comes before which, and how wide each one's output is. No walk here recurses: chains may be long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playground.document.catalog import NODE_KINDS, field_of, fit, value
from playground.document.model import Network, Node
from playground.messages import UserError

Neighbours = Mapping[str, tuple[str, ...]]


def sources_of(network: Network) -> dict[str, tuple[str, ...]]:
    """For every node the nodes that feed it, in wire order; wires to or from missing nodes are left out."""
    return _grouped(network, ((wire.target, wire.source) for wire in network.wires))


def targets_of(network: Network) -> dict[str, tuple[str, ...]]:
    """For every node the nodes that it feeds, in wire order; wires to or from missing nodes are left out."""
    return _grouped(network, ((wire.source, wire.target) for wire in network.wires))


def _grouped(network: Network, pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {node.id: [] for node in network.nodes}
    for near, far in pairs:
        if near in groups and far in groups:
            groups[near].append(far)
    return {id: tuple(group) for id, group in groups.items()}


def order(network: Network) -> tuple[str, ...]:
    """The node ids so that each comes after all that feed it, otherwise in the order of the document (Kahn, 1962).

    Nodes on a cycle, and what follows from one, are left out: fewer ids than nodes means that there is a cycle.
    """
    sources, targets = sources_of(network), targets_of(network)
    waiting = {id: len(feeding) for id, feeding in sources.items()}
    ready = [id for id, count in waiting.items() if count == 0]
    done: list[str] = []
    while len(done) < len(ready):
        id = ready[len(done)]
        done.append(id)
        for target in targets[id]:
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return tuple(done)


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


def trained(network: Network) -> tuple[str, ...]:
    """The ids of the nodes that lead to a loss, it included, so that each comes after its sources.

    Only these are trained; others are left out, as are nodes on a cycle.
    """
    sources = sources_of(network)
    kept = {node.id for node in network.nodes if node.kind == "loss"}
    for loss in tuple(kept):
        kept |= reached(sources, loss)
    return tuple(id for id in order(network) if id in kept)


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


def node_widths(network: Network) -> dict[str, int | None]:
    """How many values each node gives (a loss: takes); None where that cannot be said: missing inputs, a cycle, …"""
    nodes = {node.id: node for node in network.nodes}
    sources = sources_of(network)
    found: dict[str, int | None] = dict.fromkeys(nodes)
    for id in order(network):
        found[id] = _width(nodes[id], [found[source] for source in sources[id]])
    return found


def _width(node: Node, incoming: list[int | None]) -> int | None:
    if node.kind not in NODE_KINDS:
        return None
    if node.kind == "input":
        features = _fitting(node, "features")
        return len(features) if isinstance(features, tuple) else None
    if node.kind == "dense":
        units = _fitting(node, "units")
        return units if isinstance(units, int) else None
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
