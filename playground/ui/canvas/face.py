"""What each card says, worked out from the document as plain frozen data: a card is repainted only where it differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from playground.document.catalog import NODE_KINDS, field_of, kind_of, title, value
from playground.document.check import Problem
from playground.document.model import Document, Node
from playground.document.shapes import node_widths, order, sources_of
from playground.ui.translation import tr

#: As many rows as a card shows; where there are more, the last row counts the others.
MOST_ROWS = 8

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
        caption: the small line: the loss function's name, a layer's formula, how many features there are.
        function, enabled: of an activation.
        mark: "error", "warning" or "": the worst of its problems.
        tooltip: its problems in full, else what it is.
    """

    id: str
    kind: str
    title: str
    rows: tuple[str, ...] = ()
    hidden: int = 0
    width: int | None = None
    caption: str = ""
    function: str = ""
    enabled: bool = True
    mark: str = ""
    tooltip: str = ""

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


def faces_of(document: Document, problems: Iterable[Problem]) -> dict[str, Face]:
    """The face of every node, in the language of the window."""
    widths = node_widths(document.network)
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.node is not None:
            found.setdefault(problem.node, []).append(problem)
    return {node.id: face_of(node, widths[node.id], found.get(node.id, ())) for node in document.network.nodes}


def face_of(node: Node, width: int | None, problems: Iterable[Problem] = ()) -> Face:
    """The face of one node that gives `width` values."""
    found = tuple(problems)
    mark = "error" if any(one.severity == "error" for one in found) else "warning" if found else ""
    rows, hidden = _rows(node, width)
    activation = node.kind == "activation"
    return Face(
        node.id,
        node.kind,
        tr(title(node)),
        rows,
        hidden,
        width,
        caption=_caption(node, width),
        function=str(value(node, "function")) if activation else "",
        enabled=value(node, "enabled") is not False if activation else True,
        mark=mark,
        tooltip="\n".join(tr(one.message) for one in found) or tr(kind_of(node).description),
    )


def _caption(node: Node, width: int | None) -> str:
    if node.kind == "loss":
        return _choice(node, "function")
    if node.kind == "dense":
        formula = "w·x + b" if value(node, "bias") is not False else "w·x"
        frozen = kind_of(node).field("frozen") is not None and value(node, "frozen") is True
        return tr("{formula}, frozen", formula=formula) if frozen else formula
    if node.kind == "input" and width is not None:
        return tr("1 feature") if width == 1 else tr("{count} features", count=width)
    return ""


def _rows(node: Node, width: int | None) -> tuple[tuple[str, ...], int]:
    if width is None or width < 1 or node.kind not in ("input", "dense", "activation"):
        return ((), 0)
    labels = tuple(feature_label(name) for name in value(node, "features")) if node.kind == "input" else ("",) * width
    if width <= MOST_ROWS:
        return labels, 0
    return (*labels[: MOST_ROWS - 1], ""), width - (MOST_ROWS - 1)


def feature_label(name: str) -> str:
    """A feature as the textbook writes it; a column's name is its own."""
    return _FEATURES.get(name, name)


def _choice(node: Node, key: str) -> str:
    return tr(field_of(node, key).choice_label(value(node, key)))


def spoken(document: Document, id: str, problems: Iterable[Problem] = ()) -> str:
    """A node in words, for a screen reader: title, units, activation, what feeds it, its problems."""
    node = document.network.node(id)
    widths, sources = node_widths(document.network), sources_of(document.network)
    parts = [tr(title(node))]
    kind = tr(kind_of(node).label)
    if kind != parts[0]:
        parts.append(kind)
    width = widths[id]
    if width is not None:
        parts.append(tr("1 value") if width == 1 else tr("{count} values", count=width))
    if node.kind == "activation":
        parts += [_choice(node, "function"), tr("on") if value(node, "enabled") is not False else tr("off")]
    if node.kind == "loss":
        parts.append(_choice(node, "function"))
    if kind_of(node).inputs[1] != 0:
        names = ", ".join(tr(title(document.network.node(source))) for source in sources[id])
        parts.append(tr("fed by {names}", names=names) if names else tr("nothing feeds it"))
    parts += [tr(one.message) for one in problems if one.node == id]
    return ". ".join(parts)


def chain_text(document: Document) -> tuple[str, int]:
    """The layers' widths along the longest chain ("2 → 4 → 1"), and the number of parameters.

    Only widths that a layer changes are named: an activation passes on as many as it takes.
    """
    network = document.network
    widths, sources = node_widths(network), sources_of(network)
    parameters = 0
    steps: list[str] = []
    for node in network.nodes:
        if node.kind not in ("input", "dense"):
            continue
        width = widths[node.id]
        fed = [widths[source] for source in sources[node.id]]
        if node.kind == "dense" and width is not None and fed and fed[0] is not None:
            parameters += fed[0] * width + (width if value(node, "bias") is True else 0)
    for id in _longest(document):
        node = network.node(id)
        if node.kind in ("input", "dense", "concat"):
            width = widths[id]
            steps.append("?" if width is None else str(width))
    return _shortened(steps), parameters


def _shortened(steps: list[str]) -> str:
    if len(steps) > 8:
        steps = [*steps[:4], "…", *steps[-3:]]
    return " → ".join(steps)


def _longest(document: Document) -> list[str]:
    """The longest path to the loss (or to any end), by ids; nodes on a cycle are left out."""
    sources = sources_of(document.network)
    length: dict[str, int] = {}
    back: dict[str, str] = {}
    for id in order(document.network):
        known = [source for source in sources[id] if source in length]
        best = max(known, key=length.__getitem__, default=None)
        length[id] = 1 if best is None else length[best] + 1
        if best is not None:
            back[id] = best
    if not length:
        return []
    losses = [node.id for node in document.network.nodes if node.kind == "loss" and node.id in length]
    at = max(losses or length, key=length.__getitem__)
    path = [at]
    while at in back:
        at = back[at]
        path.append(at)
    return path[::-1]
