"""What each card says, worked out from the document as plain frozen data: a card is repainted only where it differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from playground.document.catalog import NODE_KINDS, field_of, kind_of, title, value
from playground.document.check import Problem
from playground.document.frozen import Mask, frozen_places, mask_of
from playground.document.model import Network, Node
from playground.document.shapes import node_widths
from playground.ui.translation import language, tr

#: As many values as an input shows, one row each; where there are more, the last row counts the others.
MOST_ROWS = 8
#: A layer of up to so many units shows each of them; a wider one folds to a picture of its weights.
MOST_UNITS = 16
#: So many units of a wide layer are seen when it is unfolded, and so many side by side.
MOST_UNFOLDED, ACROSS = 64, 8

_FEATURES = {
    "x1": "x₁",
    "x2": "x₂",
    "x1^2": "x₁²",
    "x2^2": "x₂²",
    "x1*x2": "x₁x₂",
    "sin(x1)": "sin x₁",
    "sin(x2)": "sin x₂",
}


@dataclass(frozen=True)
class Face:
    """One card.

    Attributes:
        rows: the labels of the values it shows, one row each, "" where a value has no name.
        hidden: how many values the last row stands for instead of one; 0: every row is a value.
        width: how many values it gives (a loss: takes); None where that cannot be said.
        caption: the small line: the loss function's name, a layer's formula, the shape of the weights that a folded one
            shows, how many features there are.
        inputs: how many values enter a dense layer; None where that cannot be said.
        folded: of a layer that is too wide to show each unit: True as a picture of its weights, False unfolded to a
            grid of units, None for any other card.
        bare: how far it has gone over from its card (0) to the circles of the textbook's drawing (1).
        function, enabled: of an activation.
        mark: "error", "warning" or "": the worst of its problems.
        tooltip: its problems in full, else what it is.
        frozen: whether training leaves a whole layer as it is; `frozen_mask` says which single weights, see `Mask`.
    """

    id: str
    kind: str
    title: str
    rows: tuple[str, ...] = ()
    hidden: int = 0
    width: int | None = None
    caption: str = ""
    inputs: int | None = None
    folded: bool | None = None
    bare: float = 0.0
    function: str = ""
    enabled: bool = True
    mark: str = ""
    tooltip: str = ""
    frozen: bool = False
    frozen_mask: Mask = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Worked out once: measures are kept by face, and looked up with every edit."""
        return hash((self.id, self.kind, self.title, self.rows, self.width, self.mark))

    @property
    def known(self) -> bool:
        """Whether this version has such a kind."""
        return self.kind in NODE_KINDS

    @property
    def gives(self) -> bool:
        """Whether values leave it."""
        return self.kind != "loss"

    @property
    def takes(self) -> bool:
        """Whether values may enter it."""
        return self.kind != "input"


Problems = tuple[Problem, ...]


@dataclass(frozen=True)
class Manner:
    """How a network is looked at: see `Face.bare`; `unfolded` are ids of wide layers that show their units."""

    bare: float = 0.0
    unfolded: frozenset[str] = frozenset()


CARDS = Manner()


@dataclass(frozen=True, eq=False)
class Drawn:
    """The faces of a network with what they were made of, so that for the next one only what differs is worked out.

    `widths` is the same object for as long as no width of the network can have changed.
    """

    network: Network
    widths: Mapping[str, int | None]
    problems: Mapping[str, Problems]
    faces: dict[str, Face]
    manner: Manner = CARDS


#: By the language they are in, the faces that `folded` made last.
_folded: dict[str, Drawn] = {}


def folded(network: Network) -> dict[str, Face]:
    """The faces of a network as a canvas of folded cards shows them, its problems left out.

    Edits ask about one network after the other: what the next has in common with the last is kept.
    """
    drawn = draw(network, (), _folded.get(language()))
    _folded.clear()
    _folded[language()] = drawn
    return drawn.faces


def draw(network: Network, problems: Iterable[Problem], before: Drawn | None = None, manner: Manner = CARDS) -> Drawn:
    """The faces of a network; those of `before` (in the same language) are kept where nothing of them has changed."""
    found: dict[str, Problems] = {}
    for problem in problems:
        if problem.node is not None:
            found[problem.node] = (*found.get(problem.node, ()), problem)
    same = before is not None and as_wide(before.network, network)
    widths: Mapping[str, int | None] = before.widths if before is not None and same else node_widths(network)
    feeding = {wire.target: wire.source for wire in reversed(network.wires)}
    usable = before if before is not None and before.manner == manner else None
    known = {node.id: node for node in usable.network.nodes} if usable is not None else {}
    faces = {}
    for node in network.nodes:
        id, told = node.id, found.get(node.id, ())
        inputs = widths.get(feeding.get(id, ""))
        kept = (
            usable is not None
            and _same_but_for_its_place(node, known.get(id))
            and widths[id] == usable.widths[id]
            and told == usable.problems.get(id, ())
            and inputs == usable.faces[id].inputs
        )
        faces[id] = usable.faces[id] if kept and usable is not None else face_of(node, widths[id], told, inputs, manner)
    return Drawn(network, widths, found, faces, manner)


def _same_but_for_its_place(node: Node, before: Node | None) -> bool:
    """Whether surely nothing of a node but where it stands has changed."""
    return node is before or (
        before is not None and node.fields is before.fields and (node.kind, node.name) == (before.kind, before.name)
    )


def as_wide(one: Network, other: Network) -> bool:
    """Whether every node of the other network surely gives as many values as it does in the one."""
    return (
        one.wires == other.wires
        and len(one.nodes) == len(other.nodes)
        and all(
            before is after
            or (
                (before.id, before.kind) == (after.id, after.kind)
                and (before.fields == after.fields or before.kind not in ("input", "dense"))
            )
            for before, after in zip(one.nodes, other.nodes, strict=True)
        )
    )


def face_of(
    node: Node,
    width: int | None,
    problems: Iterable[Problem] = (),
    inputs: int | None = None,
    manner: Manner = CARDS,
) -> Face:
    """The face of one node that takes `inputs` values (the first, where there are more) and gives `width`."""
    found = tuple(problems)
    mark = "error" if any(one.severity == "error" for one in found) else "warning" if found else ""
    folded = None
    if node.kind == "dense" and width is not None and width > MOST_UNITS and manner.bare < 0.5:
        folded = node.id not in manner.unfolded
    rows, hidden = _rows(node, width, manner.bare >= 0.5)
    activation = node.kind == "activation"
    return Face(
        node.id,
        node.kind,
        tr(title(node)),
        rows,
        hidden,
        width,
        caption=_folded_caption(node, f"{inputs or '?'} × {width}") if folded else _caption(node, width),
        inputs=inputs,
        folded=folded,
        bare=manner.bare,
        function=str(value(node, "function")) if activation else "",
        enabled=value(node, "enabled") is not False if activation else True,
        mark=mark,
        tooltip="\n".join(tr(one.message) for one in found) or tr(kind_of(node).description),
        frozen=node.kind == "dense" and value(node, "frozen") is True,
        frozen_mask=mask_of(node) if node.kind == "dense" else (),
    )


def _folded_caption(node: Node, size: str) -> str:
    """The shape of a folded layer's weights, and how many of them are frozen."""
    if value(node, "frozen") is True:
        return tr("{formula}, frozen", formula=size)
    count = len(frozen_places(node))
    return tr("{size}, {count} frozen", size=size, count=count) if count else size


def _caption(node: Node, width: int | None) -> str:
    if node.kind == "loss":
        return choice_label(node, "function")
    if node.kind == "dense":
        formula = "w·x + b" if value(node, "bias") is not False else "w·x"
        frozen = kind_of(node).field("frozen") is not None and value(node, "frozen") is True
        return tr("{formula}, frozen", formula=formula) if frozen else formula
    if node.kind == "input" and width is not None:
        return tr("1 feature") if width == 1 else tr("{count} features", count=width)
    return ""


def _rows(node: Node, width: int | None, bare: bool) -> tuple[tuple[str, ...], int]:
    """The labels of the rows, and how many values the last one counts; a wide layer has none but in the drawing."""
    if width is None or width < 1 or node.kind not in ("input", "dense", "activation"):
        return ((), 0)
    labels = tuple(feature_label(name) for name in value(node, "features")) if node.kind == "input" else ("",) * width
    if width <= (MOST_ROWS if node.kind == "input" else MOST_UNITS):
        return labels, 0
    if node.kind == "input" or bare:
        return (*labels[: MOST_ROWS - 1], ""), width - (MOST_ROWS - 1)
    return (), 0


def feature_label(name: str) -> str:
    """A feature as the textbook writes it; a column's name is its own."""
    return _FEATURES.get(name, name)


def choice_label(node: Node, key: str) -> str:
    """What a choice of the node is called."""
    return tr(field_of(node, key).choice_label(value(node, key)))
