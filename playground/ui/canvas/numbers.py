"""What is said of a weight, a bias or a unit: its names and its numbers, as plain text for the pointer's card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.data.table import Array
from playground.document.frozen import is_frozen
from playground.document.model import Network
from playground.training.snapshot import Snapshot
from playground.ui.canvas.face import Face, feature_label
from playground.ui.canvas.hits import Hit
from playground.ui.translation import figure, tr

Color = Literal["text", "muted", "gradient"]

#: Terms of a sum that are written out; the others are counted.
MOST_TERMS = 4
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Line:
    """One line of the card, in the colour of what it means; `strong`: it is the name."""

    text: str
    color: Color = "text"
    strong: bool = False


def parameter(hit: Hit) -> tuple[str, tuple[int, ...]]:
    """The parameter's name and the place in it of a weight or bias under the pointer."""
    return f"{hit.node}.{'weight' if hit.part == 'weight' else 'bias'}", hit.index


def number_at(snapshot: Snapshot | None, flat: Array | None, name: str, index: tuple[int, ...]) -> float | None:
    """One number of a flat vector of the snapshot's program."""
    if snapshot is None or flat is None:
        return None
    view = snapshot.plan.program.views(flat).get(name)
    if view is None or len(index) != view.ndim or any(i >= n for i, n in zip(index, view.shape, strict=True)):
        return None
    return float(view[index])


def symbol(network: Network, face: Face, unit: int) -> str:
    """A value in a formula: x₁ of an input, else a letter by the kind of its node, with its number as subscript."""
    if face.kind == "input":
        features = network.node(face.id).fields.get("features", ())
        return feature_label(str(features[unit])) if unit < len(features) else f"x{_subscript(unit)}"
    letter = {"dense": "z", "activation": "a"}.get(face.kind, "v")
    return letter if face.width == 1 else letter + _subscript(unit)


def _subscript(unit: int) -> str:
    return str(unit + 1).translate(_SUBSCRIPTS)


def signed(number: float) -> str:
    """A number with its sign, in four digits that stay in place."""
    return ("−" if number < 0 else "+") + figure(abs(number), decimals=4)


def lines_of(
    hit: Hit, network: Network, faces: dict[str, Face], snapshot: Snapshot | None, dragged: float | None = None
) -> tuple[Line, ...]:
    """The card for a weight, a bias or a unit; none for other things, or where nothing is known.

    `dragged` is its value while the pointer drags it: the snapshot is a moment behind.
    """
    if snapshot is None or hit.node not in faces or (hit.wire is not None and hit.wire.source not in faces):
        return ()
    if hit.part == "unit":
        return _unit(hit, network, faces, snapshot)
    if hit.part not in ("weight", "bias"):
        return ()
    name, index = parameter(hit)
    value = number_at(snapshot, snapshot.values, name, index)
    if value is None:
        return ()
    target = symbol(network, faces[hit.node], index[-1])
    if hit.part == "weight" and hit.wire is not None:
        titled = f"w   {symbol(network, faces[hit.wire.source], index[0])} → {target}"
    else:
        titled = f"b   → {target}"
    shown = value if dragged is None else dragged
    lines = [Line(titled, strong=True), Line(tr("value {number}", number=signed(shown)))]
    lines += _slope(snapshot, name, index)
    node = network.node(hit.node)
    if dragged is not None:
        lines.append(Line(tr("Shift: in finer steps"), "muted"))
    elif node.fields.get("frozen") is True or (hit.part == "weight" and is_frozen(node, index[0], index[1])):
        lines.append(Line(tr("frozen: training leaves it as it is")))
    else:
        lines.append(Line(tr("click to type, drag to change"), "muted"))
    return tuple(lines)


def _slope(snapshot: Snapshot, name: str, index: tuple[int, ...]) -> list[Line]:
    slope = number_at(snapshot, snapshot.gradient, name, index)
    if slope is None:
        return []
    return [Line(f"∂L/∂{'w' if name.endswith('.weight') else 'b'}   {signed(slope)}", "gradient")]


def _unit(hit: Hit, network: Network, faces: dict[str, Face], snapshot: Snapshot) -> tuple[Line, ...]:
    """A unit's name, its equation with its numbers, and how the loss changes with its bias."""
    face, (unit,) = faces[hit.node], hit.index
    title = face.title if face.width == 1 else tr("{node}, unit {number}", node=face.title, number=unit + 1)
    if face.kind == "input":
        return (Line(symbol(network, face, unit), strong=True),)
    views = snapshot.plan.program.views(snapshot.values)
    weight, bias = views.get(f"{hit.node}.weight"), views.get(f"{hit.node}.bias")
    sources = network.sources(hit.node)
    if weight is None or not sources or unit >= weight.shape[1] or sources[0] not in faces:
        return (Line(title, strong=True),)
    source = faces[sources[0]]
    terms = [(float(w), symbol(network, source, k)) for k, w in enumerate(weight[:MOST_TERMS, unit])]
    text = " ".join(_term(w, name, first=k == 0) for k, (w, name) in enumerate(terms))
    if len(weight) > MOST_TERMS:
        text += tr(" + … ({count} terms)", count=len(weight))
    if bias is not None:
        text += " " + _term(float(bias[unit]), "", first=False)
    equation = Line(f"{symbol(network, face, unit)} = {text}")
    return Line(title, strong=True), equation, *_slope(snapshot, f"{hit.node}.bias", hit.index)


def _term(number: float, name: str, *, first: bool) -> str:
    size = figure(abs(number), decimals=2) + (f"·{name}" if name else "")
    if first:
        return f"−{size}" if number < 0 else size
    return f"− {size}" if number < 0 else f"+ {size}"
