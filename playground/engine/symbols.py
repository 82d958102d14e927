"""What every number of a network is called in a formula: P, Q, w₁, A, C of the lecture; x₁, h₁, w₁, b₁ elsewhere.

Names follow the canvas: a layer of one unit has its node's own name, of several h₁, h₂ …; with several such layers
h[1,2] is unit 2 of h1. Few weights are numbered through; of many, w⁽²⁾[1,3] leads from input 1 to unit 3 of the second
dense layer. Where two numbers would share a name, a plainer manner of naming is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from playground.engine.expression import Symbol
from playground.engine.program import Instruction, Program

#: So many weights, or biases, are numbered through; more are told apart by layer, input and unit.
MOST_NUMBERED = 12
#: A buffer and the unit in it.
Place = tuple[str, int]

_DOWN, _UP = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOWERED, _RAISED = str.maketrans("0123456789", _DOWN), str.maketrans("0123456789", _UP)
_PLAIN = str.maketrans(_DOWN + _UP, "0123456789" * 2)
_TOKENS = re.compile(rf"(?P<sub>[{_DOWN}]+)|(?P<sup>[{_UP}]+)|(?P<word>[^\W\d_]+)|(?P<rest>.)", re.DOTALL)
_ESCAPED = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "_": r"\_", "^": r"\hat{}", "%": r"\%", "#": r"\#", "&": r"\&",
    "$": r"\$", " ": r"\ ", "~": r"\sim ", "−": "-", "·": r"\cdot ", "*": r"\cdot ",
}  # fmt: skip


def as_latex(label: str) -> str:
    """A label as LaTeX: lowered and raised digits as such, words upright, single letters as variables."""
    pieces = []
    for token in _TOKENS.finditer(label):
        piece = token[0]
        if token["sub"]:
            piece = f"_{{{piece.translate(_PLAIN)}}}"
        elif token["sup"]:
            piece = f"^{{{piece.translate(_PLAIN)}}}"
        elif token["word"]:
            piece = piece if len(piece) == 1 else rf"\mathrm{{{piece}}}"
        else:
            piece = _ESCAPED.get(piece, piece)
        pieces.append(piece)
    return "".join(pieces)


def symbol(stem: str, sub: str = "", layer: int | None = None) -> Symbol:
    """A stem with a subscript and, in brackets above, the number of a layer."""
    lowered = sub.translate(_LOWERED) if sub.isdigit() else f"[{sub}]" if sub else ""
    raised = "" if layer is None else f"⁽{str(layer).translate(_RAISED)}⁾"
    above = "" if layer is None else f"^{{({layer})}}"
    latex = as_latex(stem)
    if sub or above:
        # A stem of several letters, or one that is lowered or raised itself, is held together.
        latex = latex if len(stem) == 1 else f"{{{latex}}}"
        latex += above + (f"_{{{sub}}}" if sub else "")
    return Symbol(stem + raised + lowered, latex)


def named(label: str) -> Symbol:
    """A symbol that is written as it stands; digits at its end are lowered: w1 is w₁."""
    stem = label.rstrip("0123456789")
    if stem and stem != label and stem[-1].isalpha():
        label = stem + label[len(stem) :].translate(_LOWERED)
    return Symbol(label, as_latex(label))


class Symbols:
    """The names of everything in one program.

    `features` are the labels of its inputs (x₁, x₂ … where there are none), `names` those of nodes (their ids where
    there are none), `target` that of the right answer.
    """

    def __init__(
        self, program: Program, features: Sequence[str] = (), names: Mapping[str, str] | None = None, target: str = "t"
    ) -> None:
        self.program, self.names, self._target = program, names or {}, target
        width = program.widths[program.input]
        self.features = tuple(features) if len(features) == width else _numbered("x", width)
        self.dense = [one for one in program.instructions if one.op == "dense"]
        sizes = {role: sum(p.size for p in program.parameters if p.role == role) for role in ("weight", "bias")}
        self._through = {role: size <= MOST_NUMBERED for role, size in sizes.items()}
        self._roles = {parameter.name: parameter for parameter in program.parameters}
        self._parameters: dict[tuple[str, tuple[int, ...]], Symbol] = {}

    def name(self, node: str) -> str:
        """What a node is called."""
        return self.names.get(node) or node

    def value(self, buffer: str, unit: int) -> Symbol:
        """One unit of a buffer."""
        return self._values[buffer, unit]

    def target(self, unit: int) -> Symbol:
        """The right answer for one output."""
        several = self.program.widths[self.program.prediction] > 1
        return symbol(self._target, str(unit + 1)) if several else named(self._target)

    def answers(self) -> Symbol:
        """All right answers: a vector where there are several outputs."""
        if self.program.widths[self.program.prediction] == 1:
            return self.target(0)
        return Symbol(self._target, rf"\mathbf{{{self._target}}}" if len(self._target) == 1 else as_latex(self._target))

    def parameter(self, name: str, index: tuple[int, ...]) -> Symbol:
        """One number of a parameter."""
        found = self._parameters.get((name, index))
        if found is None:
            found = self._parameters[name, index] = self._parameter(name, index)
        return found

    def _parameter(self, name: str, index: tuple[int, ...]) -> Symbol:
        parameter = self._roles[name]
        stem = parameter.role[0]
        if self._through[parameter.role]:
            inside = index[0] if len(index) == 1 else index[1] * parameter.shape[0] + index[0]
            return symbol(stem, str(self._before[name] + inside + 1))
        layer = None if len(self.dense) == 1 else self.layer(parameter.node)
        return symbol(stem, ",".join(str(place + 1) for place in index), layer)

    def layer(self, node: str) -> int:
        """The number of a dense layer among the dense layers, from 1."""
        return next(k for k, one in enumerate(self.dense, start=1) if one.node == node)

    def matrix(self, name: str) -> Symbol:
        """A whole parameter: W⁽²⁾, b⁽²⁾."""
        parameter = self._roles[name]
        stem = "W" if parameter.role == "weight" else "b"
        return symbol(stem, "", None if len(self.dense) == 1 else self.layer(parameter.node))

    def vector(self, buffer: str) -> Symbol:
        """A whole buffer: h⁽¹⁾; the inputs are x, a single unit is itself."""
        if self.program.widths[buffer] == 1:
            return self.value(buffer, 0)
        if buffer == self.program.input:
            return Symbol("x", r"\mathbf{x}")
        name = self.name(buffer)
        stem = name.rstrip("0123456789") or name
        layer = f"({name[len(stem) :]})" if stem != name else ""
        raised = f"⁽{name[len(stem) :].translate(_RAISED)}⁾" if layer else ""
        latex = rf"\mathbf{{{stem}}}" if len(stem) == 1 else as_latex(stem)
        return Symbol(stem + raised, f"{{{latex}}}^{{{layer}}}" if layer else latex)

    def every(self) -> Iterator[Symbol]:
        """All of them: those of whole layers first, then of their units, then of the numbers of parameters."""
        yield from (self.vector(one.output) for one in self.program.instructions)
        yield from (self.matrix(parameter.name) for parameter in self.program.parameters)
        yield from self._values.values()
        for parameter in self.program.parameters:
            yield from (self.parameter(parameter.name, _unraveled(parameter.shape, k)) for k in range(parameter.size))

    @cached_property
    def _before(self) -> Mapping[str, int]:
        """How many numbers of its kind come before each parameter."""
        counts, found = {"weight": 0, "bias": 0}, {}
        for one in self.dense:
            for name in one.parameters:
                parameter = self._roles[name]
                found[name] = counts[parameter.role]
                counts[parameter.role] += parameter.size
        return found

    @cached_property
    def _values(self) -> Mapping[Place, Symbol]:
        """The first manner of naming in which all names differ, from each other and from the parameters'."""
        taken = {
            self.parameter(p.name, _unraveled(p.shape, k)).text for p in self.program.parameters for k in range(p.size)
        } if self.program.size <= MOST_NUMBERED * 8 else set()  # fmt: skip
        taken |= {self.target(unit).text for unit in range(self.program.widths[self.program.prediction])} | {"L"}
        for manner in (self._as_drawn, self._by_layer):
            found = self._all(manner)
            texts = [one.text for one in found.values()]
            if len(set(texts)) == len(texts) and not taken & set(texts):
                return found
        return self._all(self._by_buffer)

    def _all(self, manner: Callable[[Instruction, int], Symbol]) -> dict[Place, Symbol]:
        program = self.program
        found = {(program.input, unit): named(label) for unit, label in enumerate(self.features)}
        for one in program.instructions:
            for unit in range(program.widths[one.output]):
                found[one.output, unit] = manner(one, unit)
        return found

    def _as_drawn(self, one: Instruction, unit: int) -> Symbol:
        """As the canvas has it: P; h₁; h[1,2] where several layers of its kind have several units."""
        name, program = self.name(one.output), self.program
        if program.widths[one.output] == 1:
            return named(name)
        stem = name.rstrip("0123456789") or name
        alike = [other for other in program.instructions
                 if (other.op == "dense") == (one.op == "dense") and program.widths[other.output] > 1]  # fmt: skip
        if stem == name or len(alike) <= 1:
            return symbol(stem, str(unit + 1))
        return symbol(stem, f"{name[len(stem) :]},{unit + 1}")

    def _by_layer(self, one: Instruction, unit: int) -> Symbol:
        """With the node's number always there."""
        name = self.name(one.output)
        stem = name.rstrip("0123456789") or name
        number = name[len(stem) :]
        return symbol(stem, f"{number},{unit + 1}" if number else str(unit + 1))

    def _by_buffer(self, one: Instruction, unit: int) -> Symbol:
        """By place in the program alone, where names are not enough."""
        return symbol("z" if one.op == "dense" else "a", f"{self.program.instructions.index(one) + 1},{unit + 1}")


def _numbered(stem: str, width: int) -> tuple[str, ...]:
    return (stem,) if width == 1 else tuple(stem + str(k).translate(_LOWERED) for k in range(1, width + 1))


def _unraveled(shape: tuple[int, ...], place: int) -> tuple[int, ...]:
    return (place,) if len(shape) == 1 else divmod(place, shape[1])
