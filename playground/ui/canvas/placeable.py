"""What can be put on the canvas: the rows of the palette and of the quick list, and how a drag carries one.

A row is a single node, or a template: a whole network, or a block that goes into one (see `templates`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QMimeData

from playground.document.catalog import ACTIVATIONS, NODE_KINDS, title
from playground.document.model import Node
from playground.messages import Message, message

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


@dataclass(frozen=True)
class Template:
    """One row that puts several nodes on the canvas, joined and as wide as they must be.

    Attributes:
        text: what is done, for undo ("start with a linear model").
        hidden: the units of its hidden layers; None: it goes into a network, and is none itself.
    """

    name: str
    label: Message
    description: Message
    text: Message
    hidden: tuple[int, ...] | None = None
    hint: str = ""

    @property
    def kind(self) -> str:
        """A kind of its own, which no node has."""
        return "template"


Row = Placeable | Template


def _rows() -> dict[str, Placeable]:
    functions = [name for name, _ in ACTIVATIONS]
    rows = [Placeable("dense", "dense", {}, _HINTS["dense"])]
    for function in functions:
        rows.append(Placeable(function, "activation", {"function": function}, _HINTS.get(function, "")))
    rows += [
        Placeable(kind, kind, {}, _HINTS.get(kind, "")) for kind in NODE_KINDS if kind not in ("dense", "activation")
    ]
    return {row.name: row for row in rows}


#: Every row of one node, by its name.
PLACEABLES: Mapping[str, Placeable] = _rows()
#: Every template, by its name.
TEMPLATES: Mapping[str, Template] = {
    template.name: template
    for template in (
        Template(
            "linear",
            message("Linear model"),
            message("A network that draws one line: Input, one Dense, Loss."),
            message("start with a linear model"),
            (),
            "w·x + b",
        ),
        Template(
            "hidden",
            message("One hidden layer"),
            message("A network of one hidden layer with its activation: it can bend the line."),
            message("start with one hidden layer"),
            (4,),
            "4",
        ),
        Template(
            "deep",
            message("Deep net"),
            message("A network of three hidden layers, each with its activation."),
            message("start with a deep net"),
            (8, 6, 4),
            "8 → 6 → 4",
        ),
        Template(
            "residual",
            message("Residual block"),
            message("Two layers, and a wire around them into a sum: the block adds to what it is given."),
            message("insert a residual block"),
            None,
            "x + f(x)",
        ),
    )
}
#: What a newcomer meets first, and the kinds of which a network has one.
FIRST: tuple[str, ...] = ("dense", "tanh", "relu", "sigmoid")
ONCE: tuple[str, ...] = ("input", "loss")


def rows_for(kinds: set[str], more: bool) -> tuple[Row, ...]:
    """The rows that a canvas with nodes of these kinds is offered; `more`: all activations, joins and templates too.

    Input and Loss stay together until both are there, so that no row moves away under the pointer that chose it.
    """
    names = list(FIRST)
    if more or not kinds.issuperset(ONCE):
        names += ONCE
    if more:
        names += [name for name in PLACEABLES if name not in names]
    return (*(PLACEABLES[name] for name in names), *(TEMPLATES.values() if more else ()))


def to_mime(row: Row) -> QMimeData:
    """What a drag of that row carries."""
    data = QMimeData()
    data.setData(MIME, json.dumps({"row": row.name}).encode())
    return data


def from_mime(data: QMimeData) -> Row | None:
    """The row that a drag carries; None for any other drag."""
    if not data.hasFormat(MIME):
        return None
    try:
        carried = json.loads(bytes(data.data(MIME).data()).decode())
    except ValueError:
        return None
    name = carried.get("row") if isinstance(carried, dict) else None
    return (PLACEABLES.get(name) or TEMPLATES.get(name)) if isinstance(name, str) else None
