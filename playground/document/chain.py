"""Edits that put a node where it belongs without a wire being drawn: on a wire, or by keyboard into the chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from playground.document.catalog import kind_of, title, value
from playground.document.model import Document, Network, Node, Wire
from playground.document.shapes import order
from playground.document.wiring import add_node, connect, node_of, set_network
from playground.messages import UserError


def insert_on_wire(
    document: Document, wire: Wire, id: str, kind: str, position: tuple[float, float] | None = None, **fields: Any
) -> Document:
    """Put a new node on a wire: source → new → target. Raises UserError where it cannot pass values on."""
    return put_on_wire(add_node(document, id, kind, position, **fields), wire, id)


def put_on_wire(document: Document, wire: Wire, *ids: str) -> Document:
    """Put free nodes of the canvas on a wire, one after the other: source → first → … → last → target.

    Wires that lead from each to the next may be there already; others may not. The target's input keeps its place in
    the order of its inputs.
    """
    if wire not in document.network.wires:
        raise UserError("The wire from “{source}” to “{target}” is not there.", source=wire.source, target=wire.target)
    network = document.network
    links = tuple(Wire(one, other) for one, other in pairwise(ids))
    for id in ids:
        node = node_of(document, id)
        if not _passes(node):
            raise UserError("{node} cannot stand on a wire: values do not pass through it.", node=title(node))
        if any(id in (other.source, other.target) and other not in links for other in network.wires):
            raise UserError("{node} already has wires; only a free node can be put on a wire.", node=title(node))
    wires: list[Wire] = []
    for other in network.wires:
        if other == wire:
            wires += [Wire(wire.source, ids[0]), *links, Wire(ids[-1], wire.target)]
        elif other not in links:
            wires.append(other)
    return set_network(document, replace(network, wires=tuple(wires)))


def row_of(network: Network, ids: Iterable[str], places: Mapping[str, tuple[float, float]]) -> tuple[str, ...]:
    """Free cards in the order in which a wire would take them; empty where it cannot take them all.

    Cards that are joined to each other must be so in one row; loose ones follow each other from left to right.
    """
    chosen = set(ids)
    inner = [wire for wire in network.wires if {wire.source, wire.target} <= chosen]
    outer = [wire for wire in network.wires if (wire.source in chosen) != (wire.target in chosen)]
    if not chosen or outer or not all(_passes(network.node(id)) for id in chosen):
        return ()
    ordered = [id for id in order(network) if id in chosen]
    ordered = ordered if inner else sorted(ordered, key=lambda id: places[id])
    if inner and {(wire.source, wire.target) for wire in inner} != set(pairwise(ordered)):
        return ()
    return tuple(ordered)


def _passes(node: Node) -> bool:
    kind = kind_of(node)
    return kind.outputs > 0 and kind.inputs[1] != 0


def append_node(
    document: Document, id: str, kind: str, after: str | None = None, outputs: int = 1, **fields: Any
) -> Document:
    """Add a node where a user who just presses its name expects it: by keyboard, or by a double click.

    - After the selected node `after`: what that fed is now fed by the new one.
    - With nothing selected, or the loss: at the end of the chain, before the loss; and where the chain already ends in
      an output layer (a dense node of `outputs` units, what the loss expects), before that layer.
    - A new input feeds the one node that still waits for values, a new loss follows the one end of the chain.

    Where nothing fits the node stays unconnected.
    """
    network = document.network
    added = add_node(document, id, kind, **fields)
    if kind == "input":
        waiting = _waiting(network)
        return connect(added, id, waiting[0]) if len(waiting) == 1 else added
    if kind == "loss":
        end = _end(network, after)
        return added if end is None else connect(added, end, id)
    wires = _place(network, after, outputs)
    if wires:
        return set_network(added, _between(added.network, wires, id))
    end = _end(network, after)
    if end is not None:
        added = connect(added, end, id)
    losses = [waiting for waiting in _waiting(network) if network.node(waiting).kind == "loss"]
    return connect(added, id, losses[0]) if len(losses) == 1 else added


def _waiting(network: Network) -> list[str]:
    """The nodes that still need values."""
    return [node.id for node in network.nodes if kind_of(node).inputs[0] > 0 and not network.sources(node.id)]


def _end(network: Network, after: str | None) -> str | None:
    """The selected node where it feeds nothing yet, else the last node that does not."""
    ends = [node.id for node in network.nodes if kind_of(node).outputs and not network.targets(node.id)]
    if after in ends:
        return after
    return ends[-1] if ends else None


def _place(network: Network, after: str | None, outputs: int) -> tuple[Wire, ...]:
    """The wires on which the new node belongs, all of one source; none where the chain is open."""
    nodes = {node.id: node for node in network.nodes}
    if after in nodes and kind_of(nodes[after]).outputs:
        return tuple(wire for wire in network.wires if wire.source == after)
    losses = [after] if after in nodes else [id for id, node in nodes.items() if node.kind == "loss"]
    final = next((wire for wire in network.wires if wire.target in losses and wire.source in nodes), None)
    if final is None:
        return ()
    last = nodes[final.source]
    if last.kind == "dense" and value(last, "units") == outputs:
        return next(((wire,) for wire in network.wires if wire.target == last.id and wire.source in nodes), (final,))
    return (final,)


def _between(network: Network, wires: tuple[Wire, ...], id: str) -> Network:
    """The network with node `id` put on all `wires` of one source; each target's input keeps its place."""
    rewired: list[Wire] = []
    for wire in network.wires:
        if wire not in wires:
            rewired.append(wire)
            continue
        if not any(done.target == id for done in rewired):
            rewired.append(Wire(wire.source, id))
        rewired.append(Wire(id, wire.target))
    return replace(network, wires=tuple(rewired))
