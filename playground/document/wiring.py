"""Nodes and wires: putting them on the canvas, joining them, taking them away. A part of `edits`."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from playground.document.catalog import NODE_KINDS, fit, kind_of, title, value
from playground.document.frozen import refitted
from playground.document.given import misfit
from playground.document.model import Document, Network, Node, Wire
from playground.document.problem import names
from playground.document.shapes import node_widths, nodes_of, sources_of, upstream
from playground.messages import Message, UserError, message

GRID = 4
#: No card stands further from the middle than this: what is dropped or pasted beyond stands there.
FARTHEST = 1_000_000.0


def fresh_id(document: Document, kind: str, used: Collection[str] = ()) -> str:
    """An id for a new node: h1, h2, … for dense, a1 … for activations, in, loss, and so on.

    `used` holds ids that must not come back, such as those of removed nodes whose weights undo may restore.
    """
    taken = {node.id for node in document.network.nodes} | set(used)
    prefix = NODE_KINDS[kind].prefix if kind in NODE_KINDS else "n"
    if prefix in ("in", "loss") and prefix not in taken:
        return prefix
    number = 2 if prefix in ("in", "loss") else 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def add_node(
    document: Document, id: str, kind: str, position: tuple[float, float] | None = None, **fields: Any
) -> Document:
    """Put an unconnected node on the canvas; `fields` are the kind's own, judged by the catalog."""
    if any(node.id == id for node in document.network.nodes):
        raise UserError("There is already a node with the id “{id}”; choose another.", id=id)
    if kind not in NODE_KINDS:
        raise UserError("There is no node kind “{kind}”; the palette shows those that there are.", kind=kind)
    node = Node(id, kind, position=None if position is None else on_grid(position))
    node = replace(node, fields={key: fitted(node, key, value) for key, value in fields.items()})
    return set_network(document, replace(document.network, nodes=(*document.network.nodes, node)))


def node_of(document: Document, id: str) -> Node:
    """The node of that id; raises UserError."""
    try:
        return document.network.node(id)
    except KeyError:
        raise UserError("There is no node “{id}”.", id=id) from None


def refusal(document: Document, source: str, target: str) -> Message | None:
    """Why the output of `source` cannot be carried to `target`, or None where it can: also asked while dragging."""
    network = document.network
    nodes = nodes_of(network)
    for id in (source, target):
        if id not in nodes:
            return message("There is no node “{id}” to connect.", id=id)
    start, end, called = nodes[source], nodes[target], names(network)
    if source == target:
        return message("{node} cannot feed itself: a network has no loops.", node=called[source])
    if kind_of(start).outputs == 0:
        return message("Nothing can follow {node}: it is where the network ends.", node=called[source])
    if kind_of(end).inputs[1] == 0:
        return message("Nothing can feed {node}: it takes the data.", node=called[target])
    if source in sources_of(network)[target]:
        return message("{source} already feeds {target}.", source=called[source], target=called[target])
    # Whether or not the new wire replaces one: no way from the target needs a wire back into it.
    if target in upstream(network, source):
        return message(
            "{source} cannot feed {target}: {target} already leads to {source}, and a network has no loops.",
            source=called[source],
            target=called[target],
        )
    return None


def connect(document: Document, source: str, target: str) -> Document:
    """Carry the output of `source` to `target`; a node that takes one wire exchanges the one it has.

    Raises UserError with the sentence of `refusal`.
    """
    refused = refusal(document, source, target)
    if refused is not None:
        raise UserError(refused)
    network = _without_replaced(document.network, target)
    return set_network(document, replace(network, wires=(*network.wires, Wire(source, target))))


def _without_replaced(network: Network, target: str) -> Network:
    """The network without the wire that a new one into `target` would replace."""
    if kind_of(network.node(target)).inputs[1] != 1:
        return network
    return replace(network, wires=tuple(wire for wire in network.wires if wire.target != target))


def disconnect(document: Document, source: str, target: str) -> Document:
    """Take a wire away; where there is none, nothing changes."""
    gone = Wire(source, target)
    wires = tuple(wire for wire in document.network.wires if wire != gone)
    return set_network(document, replace(document.network, wires=wires))


def remove(document: Document, ids: Iterable[str] = (), wires: Iterable[Wire] = ()) -> Document:
    """Take nodes and wires away. A chain closes over a removed node that had one source and one target.

    Only the wires named in `wires` are not closed over: they were removed on purpose.
    """
    gone, cut = set(ids), set(wires)
    kept = [wire for wire in document.network.wires if wire not in cut]
    for id in (node.id for node in document.network.nodes if node.id in gone):
        kept = _healed(kept, id)
    nodes = tuple(node for node in document.network.nodes if node.id not in gone)
    parameters = {id: values for id, values in document.parameters.items() if id not in gone}
    return set_network(
        replace(document, parameters=parameters), replace(document.network, nodes=nodes, wires=tuple(kept))
    )


def _healed(wires: list[Wire], id: str) -> list[Wire]:
    """`wires` without those of `id`; its one source then feeds its one target, in the same place of the order."""
    sources = [wire.source for wire in wires if wire.target == id]
    targets = [wire.target for wire in wires if wire.source == id]
    bridge = Wire(sources[0], targets[0]) if len(sources) == len(targets) == 1 else None
    if bridge is not None and (bridge in wires or bridge.source == bridge.target):
        bridge = None
    healed = []
    for wire in wires:
        if wire.source == id and bridge is not None:
            healed.append(bridge)
        elif id not in (wire.source, wire.target):
            healed.append(wire)
    return healed


def move(document: Document, positions: Mapping[str, tuple[float, float]]) -> Document:
    """Put nodes at new places, on the 4-px grid; ids that are not there are ignored."""
    nodes = tuple(
        node.placed(on_grid(positions[node.id])) if node.id in positions else node for node in document.network.nodes
    )
    return replace(document, network=replace(document.network, nodes=nodes))


def on_grid(position: tuple[float, float]) -> tuple[float, float]:
    """The nearest point of the 4-px grid, within `FARTHEST`; raises UserError for a place that is not finite."""
    x, y = position
    if not (-FARTHEST <= x <= FARTHEST and -FARTHEST <= y <= FARTHEST):
        if not (math.isfinite(x) and math.isfinite(y)):
            raise UserError("A node cannot be placed at {x}, {y}; give two numbers.", x=x, y=y)
        x, y = (min(max(at, -FARTHEST), FARTHEST) for at in position)
    return float(round(x / GRID) * GRID), float(round(y / GRID) * GRID)


def clear(document: Document) -> Document:
    """Empty the canvas; data and training settings stay."""
    return replace(document, network=replace(document.network, nodes=(), wires=()), parameters={})


def fitted(node: Node, key: str, value: Any) -> Any:
    """A value for one field of the node's kind; raises UserError naming the field, the value and its range."""
    field = kind_of(node).field(key)
    if field is None:
        raise UserError("{node} has no setting “{key}”.", node=title(node), key=key)
    return fit(field, value)


def set_network(document: Document, network: Network) -> Document:
    """Put another network in place.

    Where that changed the shape of a layer its given parameters are dropped, and its frozen weights stay so as far as
    they are still there.
    """
    network = refitted(document.network, network)
    if not document.parameters:
        return replace(document, network=network)
    before, after = _parameter_shapes(document.network), _parameter_shapes(network)
    parameters = {
        id: values
        for id, values in document.parameters.items()
        if before.get(id) == after.get(id) or id not in after or misfit(values, *after[id]) is None
    }
    return replace(document, network=network, parameters=parameters)


def _parameter_shapes(network: Network) -> dict[str, tuple[int, int, bool]]:
    """Inputs, units and bias of every dense node that knows them."""
    widths, sources = node_widths(network), sources_of(network)
    shapes = {}
    for node in network.nodes:
        inputs = widths[sources[node.id][0]] if node.kind == "dense" and sources[node.id] else None
        units = widths[node.id]
        if inputs is not None and units is not None:
            shapes[node.id] = (inputs, units, value(node, "bias") is True)
    return shapes
