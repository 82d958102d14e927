"""The chain rule for one number of a parameter, written out: every path from the loss to it, or layer by layer.

A path is a chain of factors, ∂L/∂Q · ∂Q/∂P · ∂P/∂w₁; the sum over all paths is the gradient of one row's own loss, and
the mean over the rows that of the batch. Where there are too many paths to be read, the same is said for whole layers
(∂L/∂h = ∂L/∂z · Wᵀ ⊙ f′), of which one unit at a time can be unfolded. The penalty's slope stands apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from playground.engine.details import LOSS, slope_symbol
from playground.engine.expression import Expression, Symbol
from playground.engine.formulas import Local, Number, Sample, is_number, own_slopes, taken, towards
from playground.engine.loss_formulas import loss_locals
from playground.engine.passes import Pass
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.engine.symbols import Place, Symbols

#: More paths than these are not listed.
MOST_PATHS = 64


@dataclass(frozen=True, eq=False)
class Factor:
    """∂top/∂bottom.

    Attributes:
        node, unit: whose rule it is: `top` is unit `unit` of that node; of the loss `top` is None.
        symbol: ∂Q/∂P; `value`: the number; `formula`: what it is in symbols, w₃.
        rule: the slope as the operation's row has it.
    """

    node: str
    unit: int
    top: Place | None
    bottom: Place | Number
    symbol: Symbol
    value: float
    formula: Expression
    rule: str

    @property
    def key(self) -> tuple[Place | None, Place | Number]:
        """The same factor of another derivation has the same key."""
        return self.top, self.bottom


@dataclass(frozen=True, eq=False)
class Path:
    """One way from the loss to the number."""

    factors: tuple[Factor, ...]

    @property
    def value(self) -> float:
        """The product of the factors."""
        return math.prod(factor.value for factor in self.factors)


@dataclass(frozen=True, eq=False)
class Derivation:
    """∂L/∂(one number of a parameter), for one row of a pass and as the mean over all.

    Attributes:
        number, symbol: the number.
        row, rows: which row the paths and layers are of, and how many the mean is over.
        count: how many paths there are; `paths` are all of them, or none where they are too many.
        by_row: the gradient of each row's own loss, [rows]; `gradient` is their mean; `penalty` the penalty's slope.
    """

    done: Pass
    sample: Sample
    owner: Instruction
    number: Number
    symbol: Symbol
    count: int
    paths: tuple[Path, ...]
    by_row: Array
    gradient: float
    penalty: float

    @property
    def row(self) -> int:
        """The row whose numbers are written."""
        return self.sample.row

    @property
    def rows(self) -> int:
        """How many rows the mean is over."""
        return self.done.samples

    @property
    def value(self) -> float:
        """The gradient of the row's own loss."""
        return float(self.by_row[self.row])

    @property
    def unit(self) -> int:
        """The unit of its node that the number belongs to."""
        return self.number[1][-1]

    @cached_property
    def last(self) -> Factor:
        """The factor that all paths end with: ∂z/∂w = x, or ∂z/∂b = 1."""
        sample, unit = self.sample, self.unit
        local = next(one for one in own_slopes(sample, self.owner, unit) if one.bottom == self.number)
        return _factor(sample, self.owner.node, (self.owner.output, unit), local)

    @cached_property
    def behind(self) -> frozenset[str]:
        """The buffers that the number has a say in, those of its own node included."""
        return dependent(self.done.program, self.owner.output)

    def unfold(self, place: Place) -> tuple[tuple[float, Factor], ...]:
        """∂L/∂(one unit of a buffer), term by term: what arrived at each unit that takes it, and the slope there.

        The sum of the products is the row's own gradient there; for the prediction it is 1 times the loss' slope.
        """
        sample, program = self.sample, self.done.program
        terms: list[tuple[float, Factor]] = []
        if place[0] == program.prediction:
            terms.append((1.0, _loss_factor(sample, place[1])))
        for one in program.instructions:
            if place[0] in one.inputs and one.output in self.done.trace.gradients:
                for unit in takers(program, one, place):
                    arriving = self.gradient_at((one.output, unit))
                    for local in towards(sample, one, unit, place):
                        terms.append((arriving, _factor(sample, one.node, (one.output, unit), local)))
        return tuple(terms)

    def gradient_at(self, place: Place) -> float:
        """The gradient of the row's own loss at one unit of a buffer."""
        return float(self.done.trace.gradients[place[0]][self.row, place[1]]) * self.rows


def derive(
    done: Pass, parameter: str, index: tuple[int, ...], row: int, symbols: Symbols, most: int = MOST_PATHS
) -> Derivation:
    """The derivation of one number, with the factors of one row; paths are listed where there are at most `most`.

    Raises KeyError for an unknown parameter, IndexError for an index outside its shape or a row that is not there.
    """
    program, sample = done.program, done.sample(row, symbols)
    held = parameter_of(program, parameter, index)
    owner = next(one for one in program.instructions if parameter in one.parameters)
    unit, rows = index[-1], done.samples
    arriving = done.trace.gradients.get(owner.output)
    by_row = arriving[:, unit] * float(rows) if arriving is not None else done.x[:, 0] * 0.0
    if held.role == "weight":
        by_row = by_row * done.trace.values[owner.inputs[0]][:, index[0]]
    found = done.trace.parameters[parameter]
    count = count_paths(program, (owner.output, unit))
    number = (parameter, index)
    paths = tuple(_paths(sample, owner, number)) if count <= most else ()
    gradient = float(by_row.mean())
    symbol = symbols.parameter(*number)
    return Derivation(
        done, sample, owner, number, symbol, count, paths, by_row, gradient, float(found.penalty_gradient[index])
    )


def parameter_of(program: Program, name: str, index: tuple[int, ...]) -> Parameter:
    """A parameter by its name; raises KeyError for an unknown one, IndexError for an index outside its shape."""
    held = next((one for one in program.parameters if one.name == name), None)
    if held is None:
        raise KeyError(name)
    if len(index) != len(held.shape) or any(not 0 <= k < n for k, n in zip(index, held.shape, strict=True)):
        raise IndexError(f"{name} has no element {list(index)}, its shape is {list(held.shape)}")
    return held


def place_of(program: Program, number: Number) -> int:
    """Where a number lies in the flat vector; raises KeyError and IndexError where there is none."""
    name, index = number
    held = parameter_of(program, name, index)
    inside = index[0] if len(index) == 1 else index[0] * held.shape[1] + index[1]
    start: int = program.slices[name].start
    return start + inside


def dependent(program: Program, buffer: str) -> frozenset[str]:
    """A buffer and those that depend on it."""
    found = {buffer}
    for one in program.instructions:
        if not found.isdisjoint(one.inputs):
            found.add(one.output)
    return frozenset(found)


def takers(program: Program, one: Instruction, place: Place) -> Iterator[int]:
    """The units of an instruction that take one unit of its inputs."""
    width = program.widths[one.output]
    if one.op in ("dense", "softmax"):
        yield from range(width)
    elif one.op == "concat":
        yield from (unit for unit in range(width) if place in taken(program, one, unit))
    else:
        yield place[1]


def count_paths(program: Program, start: Place) -> int:
    """How many paths lead from the loss to one unit: exact, however many."""
    counts = {start[0]: [int(unit == start[1]) for unit in range(program.widths[start[0]])]}
    for one in program.instructions:
        if one.output == start[0] or not any(name in counts for name in one.inputs):
            continue
        width = program.widths[one.output]
        if one.op in ("dense", "softmax"):
            counts[one.output] = [sum(counts[one.inputs[0]])] * width
        else:
            counts[one.output] = [
                sum(counts[name][unit] for name, unit in taken(program, one, k) if name in counts) for k in range(width)
            ]
    return sum(counts.get(program.prediction, ()))


def shared_by(program: Program, factor: Factor) -> int:
    """How many derivations have a factor in them: those of all numbers that lie behind it, each counted once."""
    if is_number(factor.bottom):
        return 1
    made_by = {one.output: one for one in program.instructions}
    waiting = [factor.bottom]
    seen, count = set(waiting), 0
    while waiting:
        buffer, unit = waiting.pop()
        one = made_by.get(buffer)
        if one is None:
            continue
        if one.op == "dense":
            count += program.widths[one.inputs[0]] + len(one.parameters) - 1
        for place in taken(program, one, unit):
            if place not in seen:
                seen.add(place)
                waiting.append(place)
    return count


def _paths(sample: Sample, owner: Instruction, number: Number) -> Iterator[Path]:
    """All paths, those through the first unit first."""
    program = sample.program
    end = (owner.output, number[1][-1])
    leading = dependent(program, owner.output)
    made_by = {one.output: one for one in program.instructions}
    (last,) = (local for local in own_slopes(sample, owner, end[1]) if local.bottom == number)
    closing = _factor(sample, owner.node, end, last)
    slopes: dict[Place, list[Factor]] = {}

    def onward(place: Place) -> list[Factor]:
        """The factors that lead on from a unit, towards what the number has a say in."""
        if place not in slopes:
            one = made_by[place[0]]
            found = towards(sample, one, place[1])
            slopes[place] = [_factor(sample, one.node, place, local) for local in found if local.bottom[0] in leading]
        return slopes[place]

    def follow(trail: tuple[Factor, ...], place: Place) -> Iterator[Path]:
        if place == end:
            yield Path((*trail, closing))
        elif place[0] != end[0]:
            for factor in onward(place):
                yield from follow((*trail, factor), factor.bottom)  # type: ignore[arg-type]

    if program.prediction in leading:
        for unit in range(program.widths[program.prediction]):
            yield from follow((_loss_factor(sample, unit),), (program.prediction, unit))


def _loss_factor(sample: Sample, unit: int) -> Factor:
    local = loss_locals(sample)[unit]
    below = sample.symbols.value(sample.program.prediction, unit)
    symbol = slope_symbol(LOSS, below)
    node = sample.program.loss_node
    return Factor(node, 0, None, local.bottom, symbol, local.slope, local.formula, local.rule)


def _factor(sample: Sample, node: str, top: Place, local: Local[Place | Number]) -> Factor:
    name, inside = local.bottom
    symbols = sample.symbols
    below = symbols.parameter(name, inside) if isinstance(inside, tuple) else symbols.value(name, inside)
    symbol = slope_symbol(symbols.value(*top), below)
    return Factor(node, top[1], top, local.bottom, symbol, local.slope, local.formula, local.rule)
