"""Every operation as a formula over single numbers: what one unit is made of, and its slope towards each part.

`OPS` computes whole arrays; here the same rules are written for one unit of one sample, with the slopes as
numbers and as formulas. `Sample` is the view of one row of a pass. Given another `leaf` than the sample's own, the same
formulas are substituted into each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from playground.engine import expression as ex
from playground.engine.activation_formulas import factor, share, short, slope_of, spelled
from playground.engine.expression import Expression, Leaf
from playground.engine.losses import LOSSES
from playground.engine.ops import OPS
from playground.engine.program import Array, Instruction, Program
from playground.engine.symbols import Place, Symbols

if TYPE_CHECKING:
    from typing_extensions import TypeIs

#: A number of a parameter: its name and index.
Number = tuple[str, tuple[int, ...]]
#: A unit of a buffer, or a number of a parameter.
Bottom = TypeVar("Bottom", bound=Place | Number, covariant=True)


@dataclass(frozen=True, eq=False)
class Sample:
    """One row of a pass: each number of the network with its value and its symbol."""

    program: Program
    symbols: Symbols
    values: Mapping[str, Array]
    parameters: Mapping[str, Array]
    masks: Mapping[str, Array]
    targets: Array
    row: int

    def value(self, place: Place) -> float:
        """What a unit of a buffer holds."""
        return float(self.values[place[0]][self.row, place[1]])

    def number(self, number: Number) -> float:
        """What a number of a parameter is."""
        return float(self.parameters[number[0]][number[1]])

    def leaf(self, place: Place) -> Expression:
        """A unit of a buffer by its symbol."""
        return Leaf(self.symbols.value(*place), self.value(place))

    def weight(self, number: Number) -> Expression:
        """A number of a parameter by its symbol."""
        return Leaf(self.symbols.parameter(*number), self.number(number))

    def target(self, unit: int) -> Expression:
        """The right answer for one output by its symbol."""
        return Leaf(self.symbols.target(unit), float(self.targets[self.row, unit]))

    def mask(self, instruction: Instruction, unit: int) -> float:
        """What a dropout multiplies a value by: 1 where nothing is dropped."""
        mask = self.masks.get(instruction.output)
        return 1.0 if mask is None else float(mask[self.row, unit])

    @cached_property
    def loss(self) -> float:
        """The loss of this row alone."""
        prediction = self.values[self.program.prediction][self.row : self.row + 1]
        return float(LOSSES[self.program.loss].value(prediction, self.targets[self.row : self.row + 1])[0])


@dataclass(frozen=True, eq=False)
class Local(Generic[Bottom]):
    """The slope of one unit towards one of the numbers that it is made of.

    Attributes:
        bottom: that number: a unit of an input buffer, or a number of a parameter.
        slope: ∂unit/∂bottom.
        rule: the slope as the operation's row has it.
        formula: the slope in symbols of this network.
    """

    bottom: Bottom
    slope: float
    rule: str
    formula: Expression


Leaves = Callable[[Place], Expression]


def is_number(bottom: Place | Number) -> TypeIs[Number]:
    """Whether it is a number of a parameter, not a unit of a buffer."""
    return isinstance(bottom[1], tuple)


def taken(program: Program, one: Instruction, unit: int) -> Iterator[Place]:
    """The units of the inputs that a unit is made of, one of them twice where it is taken twice."""
    if one.op in ("dense", "softmax"):
        yield from ((one.inputs[0], index) for index in range(program.widths[one.inputs[0]]))
    elif one.op == "concat":
        for name in one.inputs:
            if unit < program.widths[name]:
                yield name, unit
                return
            unit -= program.widths[name]
    else:
        yield from ((name, unit) for name in one.inputs)


# --- forward ----------------------------------------------------------------------------------------


def forward(
    sample: Sample, one: Instruction, unit: int, leaf: Leaves | None = None, most: int | None = None
) -> Expression:
    """What a unit is made of. With a `leaf` of one's own, in the short form; `most`: terms written of a long sum."""
    own = leaf is None
    leaf = leaf or sample.leaf
    parts = [leaf(place) for place in taken(sample.program, one, unit)]
    if one.op == "dense":
        weight, *bias = one.parameters
        terms = [ex.product(sample.weight((weight, (index, unit))), part) for index, part in enumerate(parts)]
        terms += [sample.weight((name, (unit,))) for name in bias]
        return ex.total(terms) if most is None else ex.shortened(terms, most)
    if one.op == "add":
        return ex.total(parts)
    if one.op == "multiply":
        return ex.product(*parts)
    if one.op == "softmax":
        return share(parts, unit)
    if one.op == "concat":
        return parts[0]
    if one.op == "dropout":
        return ex.product(parts[0], factor(sample.mask(one, unit)))
    if own:
        return spelled(one.op, parts[0], sample.value((one.inputs[0], unit)))
    return short(one.op, parts[0])


# --- slopes -----------------------------------------------------------------------------------------


def locals_of(
    sample: Sample, one: Instruction, unit: int, leaf: Leaves | None = None
) -> tuple[Local[Place | Number], ...]:
    """The slopes of one unit, first towards its inputs, then towards its own weights and bias."""
    found = towards(sample, one, unit, leaf=leaf)
    return (*found, *own_slopes(sample, one, unit, leaf)) if one.op == "dense" else tuple(found)


def towards(
    sample: Sample, one: Instruction, unit: int, to: Place | None = None, leaf: Leaves | None = None
) -> list[Local[Place]]:
    """The slopes of one unit towards its inputs, or towards one of them: none where it does not take that one."""
    general = leaf is not None
    leaf = leaf or sample.leaf
    places = list(taken(sample.program, one, unit))
    found = []
    if to is not None and one.op in ("dense", "softmax"):
        chosen = [(to[1], to)] if to[0] == one.inputs[0] else []
    else:
        chosen = [(index, place) for index, place in enumerate(places) if to is None or place == to]
    for index, place in chosen:
        if one.op == "dense":
            number = (one.parameters[0], (index, unit))
            found.append(Local(place, sample.number(number), "∂z/∂x = W", sample.weight(number)))
        elif one.op == "multiply":
            others = [other for k, other in enumerate(places) if k != index]
            slope = float(np.prod([sample.value(other) for other in others])) if others else 1.0
            found.append(Local(place, slope, OPS[one.op].slope_formula, ex.product(*(leaf(other) for other in others))))
        elif one.op == "softmax":
            found.append(_coupled(sample, one, unit, index, leaf))
        elif one.op == "dropout":
            slope = sample.mask(one, unit)
            found.append(Local(place, slope, OPS[one.op].slope_formula, factor(slope)))
        elif one.op in ("add", "concat"):
            found.append(Local(place, 1.0, "1", ex.ONE))
        else:
            found.append(_elementwise(sample, one, unit, leaf, general=general))
    return found


def own_slopes(sample: Sample, one: Instruction, unit: int, leaf: Leaves | None = None) -> list[Local[Number]]:
    """The slopes of a dense unit towards its own weights and bias."""
    leaf = leaf or sample.leaf
    weight, *bias = one.parameters
    found: list[Local[Number]] = [
        Local((weight, (index, unit)), sample.value(place), "∂z/∂w = x", leaf(place))
        for index, place in enumerate(taken(sample.program, one, unit))
    ]
    return found + [Local((name, (unit,)), 1.0, "∂z/∂b = 1", ex.ONE) for name in bias]


def _coupled(sample: Sample, one: Instruction, unit: int, index: int, leaf: Leaves) -> Local[Place]:
    """An entry of softmax's Jacobian: aⱼ·(δⱼₖ − aₖ)."""
    mine, other = (one.output, unit), (one.output, index)
    slope = sample.value(mine) * ((1.0 if unit == index else 0.0) - sample.value(other))
    formula = ex.product(leaf(mine), ex.difference(ex.ONE, leaf(mine)))
    if unit != index:
        formula = ex.negative(ex.product(leaf(mine), leaf(other)))
    return Local((one.inputs[0], index), slope, OPS[one.op].slope_formula, formula)


def _elementwise(sample: Sample, one: Instruction, unit: int, leaf: Leaves, *, general: bool) -> Local[Place]:
    op = OPS[one.op]
    place = (one.inputs[0], unit)
    z, a = sample.value(place), sample.value((one.output, unit))
    assert op.slope is not None  # held by the table: every operation that is not named above has one
    slope = float(op.slope(np.array([[z]]), np.array([[a]]))[0, 0])
    formula = slope_of(one.op, leaf(place), leaf((one.output, unit)), None if general else (z, slope))
    return Local(place, slope, op.slope_formula, formula)
