"""Every change a user can make, as a pure function from one document to the next.

Undo keeps the old document, so nothing here has to be reversible by itself. What an edit cannot do it refuses with a
`UserError` that names the nodes; it never leaves half of a change behind. Given parameters whose shape an edit changes
are dropped with it, because the numbers would no longer mean anything.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from playground.document.catalog import DATA_FIELDS, TRAINING_FIELDS, Field, fit, title
from playground.document.chain import append_node, insert_on_wire, put_on_wire
from playground.document.frozen import weight_shape, with_frozen, with_mask
from playground.document.inputs import has_order, move_input, order_inputs
from playground.document.model import DataSpec, Document, EarlyStopping, Node, TrainingSpec
from playground.document.wiring import (
    add_node,
    clear,
    connect,
    disconnect,
    fitted,
    fresh_id,
    move,
    node_of,
    on_grid,
    refusal,
    remove,
    set_network,
)
from playground.messages import UserError

__all__ = [
    "add_node",
    "append_node",
    "clear",
    "connect",
    "disconnect",
    "forget_frozen",
    "freeze_weight",
    "fresh_id",
    "has_order",
    "insert_on_wire",
    "move",
    "move_input",
    "on_grid",
    "order_inputs",
    "put_on_wire",
    "refusal",
    "remove",
    "rename",
    "set_all_enabled",
    "set_data",
    "set_enabled",
    "set_field",
    "set_network",
    "set_training",
]

LONGEST_NAME = 80


def set_field(document: Document, id: str, key: str, value: Any) -> Document:
    """Set one field of a node; raises UserError naming the field, the value and its range.

    Another initialisation also drops the node's given weights, which it would otherwise never replace.
    """
    node = node_of(document, id)
    changed = replace(node, fields={**node.fields, key: fitted(node, key, value)})
    if key == "init":
        document = _without_given(document, id, ("weight", "bias"))
    if key == "bias" and not value:
        document = _without_given(document, id, ("bias",))
    return _with_node(document, changed)


def rename(document: Document, id: str, name: str | None) -> Document:
    """Give a node a name of its own; an empty one returns to the catalog's. At most 80 characters are kept."""
    tidy = " ".join((name or "").split())[:LONGEST_NAME].rstrip()
    return _with_node(document, replace(node_of(document, id), name=tidy or None))


def set_enabled(document: Document, id: str, on: bool) -> Document:
    """Switch one activation on, or off: then values pass through it unchanged."""
    return set_field(document, id, "enabled", on)


def set_all_enabled(document: Document, on: bool) -> Document:
    """Switch every activation on or off: off, the whole stack is one linear map."""
    nodes = tuple(
        replace(node, fields={**node.fields, "enabled": on}) if node.kind == "activation" else node
        for node in document.network.nodes
    )
    return replace(document, network=replace(document.network, nodes=nodes))


def freeze_weight(document: Document, id: str, input: int, unit: int, frozen: bool) -> Document:
    """Freeze one weight of a dense node, so that training leaves it as it is, or free it; both count from 0.

    Raises UserError where there is no such weight.
    """
    node = node_of(document, id)
    shape = weight_shape(document.network, id)
    if shape is None:
        raise UserError("{node} has no weight to freeze. Choose a Dense layer with a wire into it.", node=title(node))
    if not (0 <= input < shape[0] and 0 <= unit < shape[1]):
        raise UserError(
            "{node} has no weight [{input}, {unit}]: its weights are {inputs} × {units}, counted from 0.",
            node=title(node),
            input=input,
            unit=unit,
            inputs=shape[0],
            units=shape[1],
        )
    return _with_node(document, with_frozen(node, shape, input, unit, frozen))


def forget_frozen(document: Document, id: str) -> Document:
    """Free every weight that a node has frozen by itself, whatever its mask looks like."""
    return _with_node(document, with_mask(node_of(document, id), ()))


def set_training(document: Document, **changes: Any) -> Document:
    """Change training settings by name; raises UserError naming the setting, the value and its range."""
    stopping = changes.pop("early_stopping", document.training.early_stopping)
    if stopping is not None:
        _check_stopping(stopping)
    fitted = _fitted_all(TRAINING_FIELDS, changes)
    training: TrainingSpec = replace(document.training, **fitted, early_stopping=stopping)
    return replace(document, training=training)


def _check_stopping(stopping: Any) -> None:
    if not isinstance(stopping, EarlyStopping):
        raise UserError("Early stopping is {value}; it must be its settings or none.", value=stopping)
    if isinstance(stopping.patience, bool) or not isinstance(stopping.patience, int) or stopping.patience < 1:
        raise UserError("Patience is {value}; it must be a whole number of 1 or more.", value=stopping.patience)
    if not (isinstance(stopping.min_delta, (int, float)) and 0 <= stopping.min_delta < math.inf):
        raise UserError("Least improvement is {value}; it must be 0 or more.", value=stopping.min_delta)


def set_data(document: Document, **changes: Any) -> Document:
    """Change data settings by name; the network stays as it is, and `check` says where it no longer fits.

    Raises UserError naming the setting, the value and its range.
    """
    known = {field.key for field in DATA_FIELDS}
    plain = {key: changes.pop(key) for key in list(changes) if key not in known}
    for key in plain:
        if key not in DataSpec.__dataclass_fields__:
            raise UserError("The data have no setting “{key}”.", key=key)
    data: DataSpec = replace(document.data, **plain, **_fitted_all(DATA_FIELDS, changes))
    return replace(document, data=data)


def _fitted_all(fields: Iterable[Field], changes: Mapping[str, Any]) -> dict[str, Any]:
    by_key = {field.key: field for field in fields}
    for key in changes:
        if key not in by_key:
            raise UserError("Training has no setting “{key}”.", key=key)
    return {key: fit(by_key[key], value) for key, value in changes.items()}


def _without_given(document: Document, id: str, roles: Collection[str]) -> Document:
    if id not in document.parameters:
        return document
    kept = {role: numbers for role, numbers in document.parameters[id].items() if role not in roles}
    others = {other: given for other, given in document.parameters.items() if other != id}
    return replace(document, parameters={**others, id: kept} if kept else others)


def _with_node(document: Document, changed: Node) -> Document:
    nodes = tuple(changed if node.id == changed.id else node for node in document.network.nodes)
    return set_network(document, replace(document.network, nodes=nodes))
