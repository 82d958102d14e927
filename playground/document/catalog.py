"""What can be placed on the canvas and set on a form: kinds, their fields, ranges, defaults and words.

Files, the inspector, the checks and the compiler read the same rows. A node whose kind is not among them is kept as a
placeholder: it has a title and wires but cannot be trained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from playground.document.fields import Field, FieldType, fit, nearest, shown
from playground.document.model import Node
from playground.document.settings import DATA_FIELDS, TRAINING_FIELDS
from playground.messages import Message, message

__all__ = [
    "DATA_FIELDS",
    "NODE_KINDS",
    "TRAINING_FIELDS",
    "Field",
    "FieldType",
    "NodeKind",
    "field_of",
    "fit",
    "kind_of",
    "nearest",
    "shown",
    "title",
    "value",
]


@dataclass(frozen=True)
class NodeKind:
    """A kind of node.

    Attributes:
        name: as files have it.
        label, description: its name and one sentence, for the palette.
        fields: its settings.
        inputs: the fewest and the most wires that may enter it; None: no upper limit.
        outputs: how many outputs it has, 0 or 1; an output may feed any number of nodes.
        prefix: how a new id begins ("h" for h1, h2, …).
    """

    name: str
    label: Message
    description: Message
    fields: tuple[Field, ...] = ()
    inputs: tuple[int, int | None] = (1, 1)
    outputs: int = 1
    prefix: str = "n"

    def field(self, key: str) -> Field | None:
        """The field of that key, or None."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> Mapping[str, Field]:
        return {field.key: field for field in self.fields}


INITIALIZERS: tuple[tuple[str, Message], ...] = (
    ("glorot_uniform", message("Glorot, uniform")),
    ("glorot_normal", message("Glorot, normal")),
    ("he_uniform", message("He, uniform")),
    ("he_normal", message("He, normal")),
    ("normal", message("normal")),
    ("zeros", message("zeros")),
)

ACTIVATIONS: tuple[tuple[str, Message], ...] = (
    ("identity", message("identity")),
    ("relu", message("ReLU")),
    ("leaky_relu", message("leaky ReLU")),
    ("elu", message("ELU")),
    ("sigmoid", message("sigmoid")),
    ("tanh", message("tanh")),
    ("softplus", message("softplus")),
    ("gelu", message("GELU")),
    ("swish", message("swish")),
    ("sin", message("sin")),
    ("softmax", message("softmax")),
)

LOSSES: tuple[tuple[str, Message], ...] = (
    ("half_squared", message("half squared error")),
    ("binary_cross_entropy", message("binary cross-entropy")),
    ("softmax_cross_entropy", message("softmax cross-entropy")),
    ("hinge", message("hinge")),
    ("huber", message("Huber")),
)

_INPUT = NodeKind(
    "input",
    message("Input"),
    message("The features of the data enter the network here."),
    (
        Field(
            "features",
            message("Features"),
            "features",
            ("x1", "x2"),
            help=message("Which columns of the data, or functions of them, the network sees."),
        ),
    ),
    inputs=(0, 0),
    prefix="in",
)

_DENSE = NodeKind(
    "dense",
    message("Dense"),
    message("A linear layer: each unit is a weighted sum of all inputs, plus its bias."),
    (
        Field(
            "units",
            message("Units"),
            "int",
            4,
            1,
            1024,
            help=message("How many values the layer gives: each unit draws one line through its inputs."),
        ),
        Field(
            "bias",
            message("Bias"),
            "bool",
            True,
            help=message("A number added to each sum. Without it every line goes through the origin."),
        ),
        Field(
            "init",
            message("Initial weights"),
            "choice",
            "glorot_uniform",
            choices=INITIALIZERS,
            help=message("How the random start is drawn: Glorot suits tanh and sigmoid, He suits ReLU."),
        ),
        Field(
            "frozen",
            message("Frozen"),
            "bool",
            False,
            help=message("Training leaves weights and biases of this layer as they are."),
        ),
    ),
    prefix="h",
)

_ACTIVATION = NodeKind(
    "activation",
    message("Activation"),
    message("A curve that each value passes through: it joins two linear layers so that they can bend."),
    (
        Field(
            "function",
            message("Function"),
            "choice",
            "tanh",
            choices=ACTIVATIONS,
            help=message("The curve that every value passes through."),
        ),
        Field(
            "enabled",
            message("On"),
            "bool",
            True,
            help=message("Off: values pass through unchanged, and the weights stay."),
        ),
    ),
    prefix="a",
)

_DROPOUT = NodeKind(
    "dropout",
    message("Dropout"),
    message("In training each value is left out at random, so that no unit leans on another; else values pass."),
    (
        Field(
            "rate",
            message("Rate"),
            "float",
            0.5,
            0.0,
            1.0,
            below=True,
            help=message("How likely a value is left out; those that stay are scaled up by 1/(1 − rate)."),
        ),
    ),
    prefix="drop",
)

_LOSS = NodeKind(
    "loss",
    message("Loss"),
    message("One number for how wrong the outputs are: what training makes smaller."),
    (
        Field(
            "function",
            message("Function"),
            "choice",
            "binary_cross_entropy",
            choices=LOSSES,
            help=message("Half squared error or Huber for values, cross-entropy or hinge for classes."),
        ),
    ),
    outputs=0,
    prefix="loss",
)

NODE_KINDS: Mapping[str, NodeKind] = {
    kind.name: kind
    for kind in (
        _INPUT,
        _DENSE,
        _ACTIVATION,
        _DROPOUT,
        NodeKind(
            "add",
            message("Add"),
            message("Adds its inputs, value by value; all must be equally wide."),
            inputs=(2, None),
            prefix="add",
        ),
        NodeKind(
            "multiply",
            message("Multiply"),
            message("Multiplies its inputs, value by value; all must be equally wide."),
            inputs=(2, None),
            prefix="mul",
        ),
        NodeKind(
            "concat",
            message("Concat"),
            message("Puts its inputs side by side, in the order of their wires."),
            inputs=(2, None),
            prefix="cat",
        ),
        _LOSS,
    )
}


def kind_of(node: Node) -> NodeKind:
    """The node's kind; for an unknown one a placeholder that takes and gives any wires and has no fields."""
    known = NODE_KINDS.get(node.kind)
    if known is not None:
        return known
    return NodeKind(
        node.kind,
        message("Unknown: {kind}", kind=shown(node.kind)),
        message("This version does not know the kind “{kind}”. It is kept, but cannot be trained.", kind=node.kind),
        inputs=(0, None),
    )


def field_of(node: Node, key: str) -> Field:
    """The field of that key of the node's kind; raises KeyError."""
    field = kind_of(node).field(key)
    if field is None:
        raise KeyError(f"{node.kind}.{key}")
    return field


def value(node: Node, key: str) -> Any:
    """The node's own value of a field, or the catalog's default; features come as a tuple.

    Raises KeyError where neither the node nor its kind has that key. The value is not judged: `check` does that.
    """
    if key not in node.fields:
        return field_of(node, key).default
    own = node.fields[key]
    return tuple(own) if isinstance(own, list) else own


def title(node: Node) -> Message:
    """What the node is called on its card and in sentences: its own name, else "Dense 4", "tanh", "Dropout 0.5"."""
    called: Message | None = node.known.get("title")
    if called is None:
        called = node.known["title"] = _title(node)
    return called


def _title(node: Node) -> Message:
    if node.name:
        return message("{name}", name=node.name)
    if node.kind == "dense":
        return message("Dense {units}", units=shown(value(node, "units")))
    if node.kind == "dropout":
        return message("Dropout {rate}", rate=shown(value(node, "rate")))
    if node.kind == "activation":
        return field_of(node, "function").choice_label(value(node, "function"))
    return kind_of(node).label
