"""What is written beside operations and said of them, with the numbers of one sample, some of which may be covered."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from playground.ui.canvas.operations.graph import Edge, Graph, Level, Operation
from playground.ui.canvas.operations.values import Readings
from playground.ui.translation import NO_FIGURE, figure, tr

Side = Literal["forward", "gradient"]
#: What is covered: an operation or an edge by its key, with both of its numbers or one of them.
Cover = str | tuple[str, Side]

COVERED = "?"


def short(value: float) -> str:
    """A number with room for few characters: 2, 1.94, 0.003, 12.5, 340, 2e−5."""
    if math.isnan(value):
        return NO_FIGURE
    size = abs(value)
    if math.isinf(size):
        text = "∞"
    elif size < 1e5 and size == int(size):
        text = str(int(size))
    elif size >= 1e5 or size < 5e-5:
        digits, _, power = f"{size:.0e}".partition("e")
        text = f"{digits}e{int(power)}"
    elif size < 0.0095:
        text = f"{size:.{3 if size >= 0.00095 else 4}f}"
    else:
        text = f"{size:.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}"
    return ("−" + text if value < 0 else text).replace("-", "−")


def exact(value: float) -> str:
    """A number in a sentence: six digits of it."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return NO_FIGURE if math.isnan(value) else f"{value + 0.0:.6g}".replace("-", "−")


class Numbers:
    """The numbers of a sample as they are shown, "?" where they are covered and "–" where there are none."""

    def __init__(self, graph: Graph, readings: Readings | None, covered: Iterable[Cover] = ()) -> None:
        self.graph, self.readings = graph, readings
        self.covered = {pair for cover in covered for pair in _pairs(cover)}

    def value(self, key: str) -> str:
        """What an operation gives, in a sentence."""
        hidden = self._hides(key, "forward") or any(
            (edge.key, "forward") in self.covered for edge in self.graph.out_of[key]
        )
        return COVERED if hidden else exact(self.readings.values[key]) if self.readings else NO_FIGURE

    def gradient(self, key: str) -> str:
        """∂L/∂ what an operation gives, in a sentence; "" where there is none."""
        if self._hides(key, "gradient") or any(
            (edge.key, "gradient") in self.covered for edge in self.graph.out_of[key]
        ):
            return COVERED
        found = self.readings.gradients.get(key) if self.readings else None
        return exact(found) if found is not None else ""

    def beside(self, key: str, side: Side) -> str:
        """The number at an operation, in few characters."""
        if self._hides(key, side):
            return COVERED
        if self.readings is None:
            return ""
        found = (self.readings.values if side == "forward" else self.readings.gradients).get(key)
        return short(found) if found is not None else ""

    def on(self, edge: Edge, side: Side) -> str:
        """The number on an edge, in few characters; none comes back to what is given or right."""
        source = self.graph.by_key[edge.source]
        if side == "gradient" and source.kind in ("given", "target"):
            return COVERED if (edge.key, side) in self.covered else ""
        if (edge.key, side) in self.covered or self._hides(source.key, side):
            return COVERED
        if self.readings is None:
            return ""
        found = (self.readings.forward if side == "forward" else self.readings.backward).get(edge.key)
        if found is None:
            return ""
        return f"|{short(found)}|" if source.width > 1 else short(found)

    def loss(self, operation: Operation) -> str:
        """The value of the loss: as the half of a whole square where it is one, as in 9/2 = 4.5."""
        if self.readings is None or self._hides(operation.key, "forward"):
            return COVERED if self.readings is not None else NO_FIGURE
        value = self.readings.loss
        twice = 2.0 * value
        if operation.function == "half_squared" and not operation.lines and twice == round(twice) and twice % 2.0:
            return f"{exact(twice)}/2 = {exact(value)}"
        return exact(value) if len(exact(value)) <= 6 else figure(value)

    def _hides(self, key: str, side: Side) -> bool:
        return (key, side) in self.covered


def _pairs(cover: Cover) -> tuple[tuple[str, Side], ...]:
    return ((cover, "forward"), (cover, "gradient")) if isinstance(cover, str) else (cover,)


def level_words(level: Level) -> str:
    """What one node stands for."""
    return {
        "single": tr("Every multiplication and addition"),
        "units": tr("One circle for each unit"),
        "layers": tr("One box for each layer, |x| is the length of its values"),
    }[level]


def caption_of(operation: Operation, *, off: bool = False) -> str:
    """The small word beside an operation that is the first of its sort."""
    if operation.kind == "activation":
        return tr("off") if off else operation.function.replace("_", " ")
    words = {
        "given": tr("given"),
        "parameter": tr("to be found") if not operation.frozen else "",
        "target": tr("right answer"),
        "unit": "Σ w·x + b",
        "dropout": tr("dropout"),
        "layer": operation.title,
    }
    return words.get(operation.kind, "")


def tip(numbers: Numbers, operation: Operation, *, gradient: bool = False) -> str:
    """What an operation does with the numbers of the sample, in plain words."""
    sentence = _layer_tip(numbers, operation) if operation.width > 1 or operation.kind == "layer" else None
    parts = [sentence or _tip(numbers, operation)]
    found = numbers.gradient(operation.key)
    if gradient and found and operation.kind not in ("given", "target", "loss"):
        parts.append(tr("Gradient ∂L/∂{name} = {gradient}", name=_name(operation), gradient=found))
    if operation.parameter is not None:
        name, index = operation.parameter
        parts.append(tr("In files: {place}", place=f"{name}[{', '.join(map(str, index))}]"))
    return "\n".join(parts)


def _name(operation: Operation) -> str:
    """In a formula: its own symbol, or z for the result of an operation without a name."""
    return operation.text if operation.kind in ("value", "unit", "parameter", "given", "concat") else "z"


def _tip(numbers: Numbers, operation: Operation) -> str:
    graph, kind, name = numbers.graph, operation.kind, operation.text
    value = numbers.value(operation.key)
    operands = [_operand(numbers, edge) for edge in graph.into[operation.key]]
    layer, unit = operation.title, (operation.unit or 0) + 1
    match kind:
        case "given":
            return tr("{name} is given: {value}", name=name, value=value)
        case "target":
            return tr("{name} is the right answer: {value}", name=name, value=value)
        case "parameter" if operation.frozen:
            return tr("{name} is frozen: training leaves it at {value}", name=name, value=value)
        case "parameter":
            return tr("{name} is to be found; now it is {value}", name=name, value=value)
        case "times" | "multiply" if len(operands) == 2:
            return tr("× multiplies {one} by {other}: {value}", one=operands[0], other=operands[1], value=value)
        case "multiply":
            return tr("× multiplies {values}: {value}", values=", ".join(operands), value=value)
        case "plus" | "add":
            return tr("+ adds {values}: {value}", values=_sum(numbers, operation), value=value)
        case "minus":
            return tr("− takes {other} from {one}: {value}", one=operands[0], other=operands[1], value=value)
        case "activation":
            taken = operands[0] if len(operands) == 1 else tr("{count} values", count=len(operands))
            return tr("{function} of {input}: {value}", function=name, input=taken, value=value)
        case "dropout":
            return tr("Dropout leaves out values at random in training; here {input} passes", input=operands[0])
        case "concat":
            return tr("{name} hands on {input}", name=name, input=operands[0])
        case "loss":
            formula = " ".join((operation.label, *operation.lines))
            return tr("The loss says how wrong the output is: {formula} = {value}", formula=formula, value=value)
        case _ if graph.program.widths[operation.node] > 1:
            return tr("{name} = {value}, unit {unit} of {layer}", name=name, value=value, unit=unit, layer=layer)
        case _:
            return tr("{name} = {value}", name=name, value=value)


def _layer_tip(numbers: Numbers, operation: Operation) -> str | None:
    """Of a whole layer."""
    if operation.width == 1 and operation.kind != "layer":
        return None
    name = operation.text if operation.kind in ("given", "target") else f"{operation.title}: {operation.text}"
    if operation.width == 1:
        return tr("{name} = {value}", name=name, value=numbers.value(operation.key))
    return tr("{name}, {count} values of length {value} (the root of the sum of their squares)", name=name,
              count=operation.width, value=numbers.value(operation.key))  # fmt: skip


def _operand(numbers: Numbers, edge: Edge) -> str:
    """What arrives along an edge: "w₁ = 2", or the number alone where it has no name."""
    source = numbers.graph.by_key[edge.source]
    value = numbers.value(source.key)
    if (edge.key, "forward") in numbers.covered:
        value = COVERED
    named = source.kind in ("given", "parameter", "value", "unit", "target", "concat")
    return f"{source.text} = {value}" if named else value


def _sum(numbers: Numbers, operation: Operation) -> str:
    """The terms of a sum; of many, how many there are."""
    edges = numbers.graph.into[operation.key]
    if len(edges) > 5:
        return tr("{count} values", count=len(edges))
    return " + ".join(
        f"({value})" if value.startswith("−") and index else value
        for index, value in enumerate(numbers.value(edge.source) for edge in edges)
    )


def edge_tip(numbers: Numbers, edge: Edge, *, gradient: bool = False) -> str:
    """What flows along an edge, both ways."""
    graph = numbers.graph
    source, target = graph.by_key[edge.source], graph.by_key[edge.target]
    parts = [tr("From {source} to {target}: {value}", source=source.text, target=target.text,
                value=numbers.on(edge, "forward") or NO_FIGURE)]  # fmt: skip
    back = numbers.on(edge, "gradient")
    if gradient and back:
        parts.append(tr("Back comes the gradient {gradient}", gradient=back))
    return "\n".join(parts)


def spoken(numbers: Numbers, operation: Operation, *, gradient: bool = False) -> str:
    """An operation for a screen reader: what it does, and where its value goes."""
    graph = numbers.graph
    following = [graph.by_key[edge.target].text for edge in graph.out_of[operation.key]]
    parts = tip(numbers, operation, gradient=gradient).split("\n")
    word = caption_of(operation) if operation.kind == "layer" else ""
    if word and word not in parts[0]:
        parts.insert(0, word)
    if following:
        more = len(following) - 4
        names = ", ".join(following[:4]) + (tr(" and {count} more", count=more) if more > 0 else "")
        parts.append(tr("leads to {names}", names=names))
    return ". ".join(parts)
