"""Single weights that training leaves as they are: a dense node's mask, [inputs][units] of true and false.

The mask is a field of the node that stands on no form: weights are frozen where they are seen, on the canvas. A node
without one has no frozen weights. Where an edit changes the shape of a layer the mask goes with the weights: a column
belongs to its unit, a row to what feeds it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from playground.document.catalog import value
from playground.document.model import Network, Node
from playground.document.shapes import node_widths, nodes_of, order, sources_of
from playground.messages import Message, message

#: The field's key, in files too.
FROZEN_MASK = "frozen_mask"

Mask = tuple[tuple[bool, ...], ...]
Shape = tuple[int, int]


def mask_of(node: Node) -> Mask:
    """The node's own mask where that is a table of true and false; else nothing, as for a node without one."""
    mask = node.fields.get(FROZEN_MASK, ())
    return mask if mask_shape(mask) is not None else ()


def is_frozen(node: Node, input: int, unit: int) -> bool:
    """Whether this one weight is frozen by itself; whether the whole layer is, its field `frozen` says."""
    mask = mask_of(node)
    return 0 <= input < len(mask) and 0 <= unit < len(mask[input]) and mask[input][unit]


def frozen_places(node: Node) -> tuple[int, ...]:
    """Where frozen weights stand in the flattened weight, ascending."""
    return tuple(place for place, frozen in enumerate(cell for row in mask_of(node) for cell in row) if frozen)


def with_mask(node: Node, mask: Iterable[Iterable[bool]]) -> Node:
    """The node with that mask; with none where nothing is frozen."""
    rows = tuple(tuple(row) for row in mask)
    fields = {key: own for key, own in node.fields.items() if key != FROZEN_MASK}
    return replace(node, fields={**fields, FROZEN_MASK: rows} if any(map(any, rows)) else fields)


def with_frozen(node: Node, shape: Shape, input: int, unit: int, frozen: bool) -> Node:
    """The node with one weight of a layer of that shape frozen, or free; a mask of another shape is fitted first."""
    rows = list(_cut(mask_of(node), shape))
    rows[input] = (*rows[input][:unit], frozen, *rows[input][unit + 1 :])
    return with_mask(node, rows)


def mask_shape(mask: Any) -> Shape | None:
    """Rows and columns of a table of true and false; None for anything else."""
    if not isinstance(mask, (list, tuple)) or not mask:
        return None
    if not all(isinstance(row, (list, tuple)) and set(map(type, row)) == {bool} for row in mask):
        return None
    lengths = {len(row) for row in mask}
    return (len(mask), lengths.pop()) if len(lengths) == 1 else None


def mask_misfit(node: Node, shape: Shape | None) -> Message | None:
    """What is wrong with a dense node's mask, where its weight has that shape (None: not known); None: nothing."""
    if FROZEN_MASK not in node.fields:
        return None
    found = mask_shape(node.fields[FROZEN_MASK])
    if found is None:
        return message("what says which of its weights are frozen is not a table of true and false")
    if shape is None or found == shape:
        return None
    return message(
        "what says which of its weights are frozen is {rows} × {columns} and must be {inputs} × {units}",
        rows=found[0],
        columns=found[1],
        inputs=shape[0],
        units=shape[1],
    )


def as_read(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields from a file or the clipboard with the mask in tuples, as the document holds it, whatever it says."""
    mask = fields.get(FROZEN_MASK)
    if not isinstance(mask, (list, tuple)):
        return fields
    return {**fields, FROZEN_MASK: tuple(tuple(row) if isinstance(row, list) else row for row in mask)}


def weight_shape(network: Network, id: str) -> Shape | None:
    """Inputs and units of a dense node's weight; None where they are not known, or where there is no such node."""
    node = nodes_of(network).get(id)
    if node is None or node.kind != "dense" or len(sources_of(network)[id]) != 1:
        return None
    widths = node_widths(network)
    inputs, units = widths[sources_of(network)[id][0]], widths[id]
    return None if inputs is None or units is None else (inputs, units)


def refitted(before: Network, after: Network) -> Network:
    """The network `after` an edit, each mask fitted to its layer where the edit changed that layer's shape.

    A mask that is no table is left for the checks to tell of.
    """
    changed: dict[str, Node] = {}
    for node in after.nodes:
        held = mask_shape(mask_of(node)) if node.kind == "dense" else None
        shape = weight_shape(after, node.id) if held is not None else None
        if held is None or shape in (None, held) or shape == weight_shape(before, node.id):
            continue
        assert shape is not None
        changed[node.id] = with_mask(node, _moved(node, held, shape, before, after))
    if not changed:
        return after
    return replace(after, nodes=tuple(changed.get(node.id, node) for node in after.nodes))


def _moved(node: Node, held: Shape, shape: Shape, before: Network, after: Network) -> Mask:
    """The node's mask for another shape: each row where what feeds it is now; where that is not known, in its place."""
    mask = mask_of(node)
    old, new = (_feeding(network, node.id) for network in (before, after))
    if len(old) == held[0] and len(new) == shape[0]:
        rows = dict(zip(old, mask, strict=True))
        mask = tuple(rows.get(origin, ()) for origin in new)
    return _cut(mask, shape)


def _cut(mask: Mask, shape: Shape) -> Mask:
    """The mask in another shape: what both have stays, the rest is free."""
    inputs, units = shape
    rows = (*mask[:inputs], *[()] * (inputs - len(mask)))
    return tuple((*row[:units], *[False] * (units - len(row))) for row in rows)


def _feeding(network: Network, id: str) -> tuple[Hashable, ...]:
    """What feeds each input of a node of one source: a feature by its name, or a dense node's unit."""
    sources = sources_of(network).get(id, ())
    return _origins(network).get(sources[0], ()) if len(sources) == 1 else ()


def _origins(network: Network) -> Mapping[str, tuple[Hashable, ...]]:
    """For each node of known width what its values come from, past everything that has no weights."""
    nodes, sources, widths = nodes_of(network), sources_of(network), node_widths(network)
    found: dict[str, tuple[Hashable, ...]] = {}
    for id in order(network):
        node, width = nodes[id], widths[id]
        if width is None:
            continue
        if node.kind == "input":
            found[id] = tuple(value(node, "features"))
        elif node.kind == "dense":
            found[id] = tuple((id, unit) for unit in range(width))
        elif node.kind == "concat":
            found[id] = tuple(one for source in sources[id] for one in found[source])
        else:
            found[id] = found[sources[id][0]]
    return found
