"""The order of a concat's inputs, in which their values stand side by side; what is behind it goes with them.

A part of `edits`. The given weights and the frozen ones of a layer behind a concat belong to what feeds each row: in
another order the rows are, and the network computes what it did before. What was learned is carried by the same rule
(`training.carry`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from playground.document.catalog import title
from playground.document.frozen import mask_of, with_mask
from playground.document.model import Document, Network, Node, Wire
from playground.document.shapes import node_widths, nodes_of, order, sources_of
from playground.document.wiring import node_of, set_network
from playground.messages import UserError

#: What feeds each row of a layer.
Rows = tuple[Hashable, ...]


def has_order(network: Network, id: str) -> bool:
    """Whether it makes a difference in which order a node takes its inputs, and there are several."""
    node = nodes_of(network).get(id)
    return node is not None and node.kind == "concat" and len(sources_of(network)[id]) > 1


def order_inputs(document: Document, id: str, sources: Sequence[str]) -> Document:
    """Have a concat take its inputs in this order: all that it has, each once.

    Raises UserError for another node, and for other inputs than those it has.
    """
    node, network = node_of(document, id), document.network
    if node.kind != "concat":
        raise UserError("The inputs of {node} have no order: only a concat puts one after the other.", node=title(node))
    if sorted(sources) != sorted(network.sources(id)):
        raise UserError("An order of the inputs of {node} names each of them once.", node=title(node))
    wanted = iter(sources)
    wires = tuple(Wire(next(wanted), id) if wire.target == id else wire for wire in network.wires)
    after = replace(network, wires=wires)
    before, now = rows(network), rows(after)
    nodes, parameters = [], dict(document.parameters)
    for one in network.nodes:
        old, new = before.get(one.id, ()), now.get(one.id, ())
        moved = [old.index(row) for row in new] if old != new and set(old) == set(new) else []
        nodes.append(_with_rows(one, moved))
        if moved and one.id in parameters:
            parameters[one.id] = _given_rows(parameters[one.id], moved)
    return set_network(replace(document, parameters=parameters), replace(after, nodes=tuple(nodes)))


def move_input(document: Document, id: str, source: str, step: int) -> Document:
    """Have a concat take one of its inputs so many places later (negative: earlier), and never past an end.

    Raises UserError as `order_inputs` does.
    """
    sources = list(document.network.sources(id))
    if source in sources:
        place = sources.index(source)
        sources.insert(min(max(place + step, 0), len(sources) - 1), sources.pop(place))
    return order_inputs(document, id, sources)


def rows(network: Network) -> Mapping[str, Rows]:
    """For each dense node of one source what feeds its rows: told apart, and the same in whatever order they come."""
    nodes, sources, widths = nodes_of(network), sources_of(network), node_widths(network)
    given: dict[str, Rows] = {}
    fed: dict[str, Rows] = {}
    for id in order(network):
        width = widths[id]
        if nodes[id].kind == "dense" and len(sources[id]) == 1:
            fed[id] = given.get(sources[id][0], ())
        if width is None:
            continue
        if nodes[id].kind == "concat":
            given[id] = tuple((id, source, row) for source in sources[id] for row in given[source])
        elif nodes[id].kind in ("input", "dense"):
            given[id] = tuple((id, row) for row in range(width))
        else:
            given[id] = given[sources[id][0]]
    return fed


def _with_rows(node: Node, moved: Sequence[int]) -> Node:
    """A node whose frozen weights have gone with their rows; `moved` says where each was, nothing: none has moved."""
    mask = mask_of(node)
    return with_mask(node, [mask[row] for row in moved]) if moved and len(mask) == len(moved) else node


def _given_rows(given: Mapping[str, Any], moved: Sequence[int]) -> Mapping[str, Any]:
    weight = given.get("weight")
    if weight is None or len(weight) != len(moved):
        return given
    return {**given, "weight": tuple(weight[row] for row in moved)}
