"""What can be put on the canvas: the rows of the palette and of the quick list, and how a drag carries one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QMimeData

from playground.document.catalog import ACTIVATIONS, NODE_KINDS, title
from playground.document.model import Node
from playground.messages import Message

#: How a drag from the palette is told from any other.
MIME = "application/x-backprop-playground-node"

_HINTS = {
    "dense": "w·x + b",
    "add": "x + y",
    "multiply": "x · y",
    "concat": "x, y",
    "dropout": "x · m",
    "tanh": "−1 … 1",
    "sigmoid": "0 … 1",
    "relu": "max(0, z)",
    "softplus": "ln(1 + eᶻ)",
    "sin": "sin z",
    "identity": "z",
    "softmax": "Σ = 1",
}


@dataclass(frozen=True)
class Placeable:
    """One row: a node kind with the fields it starts with.

    Attributes:
        name: its own name among the rows, which is also that of its icon.
        hint: its formula or its range, in the signs of the textbook.
    """

    name: str
    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""

    @property
    def label(self) -> Message:
        """What it is called."""
        return title(Node("", self.kind, self.fields)) if self.kind == "activation" else NODE_KINDS[self.kind].label

    @property
    def description(self) -> Message:
        """One sentence about it."""
        return NODE_KINDS[self.kind].description


def _rows() -> dict[str, Placeable]:
    functions = [name for name, _ in ACTIVATIONS]
    rows = [Placeable("dense", "dense", {}, _HINTS["dense"])]
    for function in functions:
        rows.append(Placeable(function, "activation", {"function": function}, _HINTS.get(function, "")))
    rows += [
        Placeable(kind, kind, {}, _HINTS.get(kind, "")) for kind in NODE_KINDS if kind not in ("dense", "activation")
    ]
    return {row.name: row for row in rows}


#: Every row, by its name.
PLACEABLES: Mapping[str, Placeable] = _rows()
#: What a newcomer meets first, and the kinds of which a network has one.
FIRST: tuple[str, ...] = ("dense", "tanh", "relu", "sigmoid")
ONCE: tuple[str, ...] = ("input", "loss")


def rows_for(kinds: set[str], more: bool) -> tuple[Placeable, ...]:
    """The rows that a canvas with nodes of these kinds is offered; `more`: all activations and joins too.

    Input and Loss stay together until both are there, so that no row moves away under the pointer that chose it.
    """
    names = list(FIRST)
    if more or not kinds.issuperset(ONCE):
        names += ONCE
    if more:
        names += [name for name in PLACEABLES if name not in names]
    return tuple(PLACEABLES[name] for name in names)


def to_mime(row: Placeable) -> QMimeData:
    """What a drag of that row carries."""
    data = QMimeData()
    data.setData(MIME, json.dumps({"row": row.name}).encode())
    return data


def from_mime(data: QMimeData) -> Placeable | None:
    """The row that a drag carries; None for any other drag."""
    if not data.hasFormat(MIME):
        return None
    try:
        carried = json.loads(bytes(data.data(MIME).data()).decode())
    except ValueError:
        return None
    name = carried.get("row") if isinstance(carried, dict) else None
    return PLACEABLES.get(name) if isinstance(name, str) else None
