"""What one step of a pass does, in plain data: inputs, formula, the numbers put in, what comes out.

A step works on whole layers and batches; what is shown is one unit of one row of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.engine import expression as ex
from playground.engine.exact import Write, exact, in_latex, with_fraction
from playground.engine.expression import Expression, Leaf, Symbol
from playground.engine.formulas import Local, Number, Sample, forward, is_number, locals_of, taken
from playground.engine.loss_formulas import loss_formula, loss_locals, probabilities_of
from playground.engine.losses import LOSSES
from playground.engine.ops import OPS
from playground.engine.passes import Pass
from playground.engine.program import Instruction
from playground.engine.symbols import Place, Symbols

#: A sum of more terms is written with dots.
MOST_TERMS = 12
#: The loss by its name.
LOSS = Symbol("L", "L")


@dataclass(frozen=True, eq=False)
class Line:
    """left = formula = formula with numbers = value, in one manner of writing or another; `sign` may be ←."""

    left: Symbol
    formula: Expression
    value: float
    sign: str = "="

    def text(self, write: Write = exact) -> str:
        """As text; what would only be said twice is left out."""
        symbols, numbers, value = ex.text(self.formula), ex.text(self.formula, write), write(self.value)
        parts = dict.fromkeys((symbols, numbers, with_fraction(self.value) if write is exact else value))
        return f"{self.left.text} {self.sign} {' = '.join(part for part in parts if part)}"

    def latex(self, write: Write = exact) -> str:
        """As LaTeX."""
        symbols, numbers = ex.latex(self.formula), ex.latex(self.formula, write)
        parts = dict.fromkeys((symbols, numbers, in_latex(write(self.value))))
        sign = r"\leftarrow" if self.sign == "←" else "="
        return f"{self.left.latex} {sign} {' = '.join(part for part in parts if part)}"


@dataclass(frozen=True)
class Named:
    """A number with its name; `of` says which it is."""

    of: Place | Number
    symbol: Symbol
    value: float


@dataclass(frozen=True, eq=False)
class Forward:
    """One unit's value. `formula` is the operation's row, `line` this unit's."""

    node: str
    unit: int
    formula: str
    inputs: tuple[Named, ...]
    parameters: tuple[Named, ...]
    line: Line
    output: Named


@dataclass(frozen=True, eq=False)
class LossOf:
    """The loss of one row, and of the batch.

    Attributes:
        formula: the loss' row; `line` is that of this row of the data.
        probabilities: of a loss that takes logits: what it makes of them.
        mean, rows: the mean over so many rows, which is what training makes smaller; `penalty` is apart.
    """

    formula: str
    inputs: tuple[Named, ...]
    targets: tuple[float, ...]
    probabilities: tuple[float, ...]
    line: Line
    mean: float
    rows: int
    penalty: float


@dataclass(frozen=True, eq=False)
class Passed:
    """A gradient on its way: upstream × local = downstream, from one unit towards one number that it is made of.

    Attributes:
        bottom, symbol: that number.
        rule: the slope as the operation's row has it; `slope` is its formula here.
        downstream: what this unit and row add to the gradient there; `gradient` is the whole gradient once everything
            has added to it: of a parameter over all rows, its penalty apart.
    """

    bottom: Place | Number
    symbol: Symbol
    upstream: float
    local: float
    downstream: float
    gradient: float
    rule: str
    slope: Line
    line: Line


@dataclass(frozen=True, eq=False)
class Backward:
    """What arrives at one unit and what it passes on, first to its inputs, then to its own weights and bias."""

    node: str
    unit: int
    upstream: Named
    passed: tuple[Passed, ...]


def forward_at(done: Pass, one: Instruction, unit: int, row: int, symbols: Symbols) -> Forward:
    """One unit of an instruction, forward."""
    sample = done.sample(row, symbols)
    output = _named(sample, (one.output, unit))
    numbers: list[Number] = []
    if one.op == "dense":
        weight, *bias = one.parameters
        numbers = [(weight, (k, unit)) for k in range(done.program.widths[one.inputs[0]])]
        numbers += [(name, (unit,)) for name in bias]
    inputs = tuple(_named(sample, place) for place in taken(done.program, one, unit))
    parameters = tuple(Named(of, symbols.parameter(*of), sample.number(of)) for of in numbers)
    line = Line(output.symbol, forward(sample, one, unit, most=MOST_TERMS), output.value)
    return Forward(one.node, unit, OPS[one.op].formula, inputs, parameters, line, output)


def loss_at(done: Pass, row: int, symbols: Symbols) -> LossOf:
    """The loss of one row."""
    sample, program = done.sample(row, symbols), done.program
    places = [(program.prediction, unit) for unit in range(program.widths[program.prediction])]
    probabilities = probabilities_of(sample)
    return LossOf(
        LOSSES[program.loss].formula,
        tuple(_named(sample, place) for place in places),
        tuple(float(value) for value in done.trace.targets[row]),
        () if probabilities is None else tuple(float(value) for value in probabilities),
        Line(LOSS, loss_formula(sample), sample.loss),
        done.trace.loss,
        done.samples,
        done.trace.penalty,
    )


def loss_backward_at(done: Pass, row: int, symbols: Symbols) -> Backward:
    """The slope of the loss towards each output of one row: of a batch the share of its row in the mean."""
    sample, program = done.sample(row, symbols), done.program
    share = 1.0 / done.samples
    several = done.samples > 1
    arriving = Leaf(Symbol("1/n", r"\frac{1}{n}") if several else slope_symbol(LOSS, LOSS), share)
    passed = (_passed(done, sample, LOSS, arriving, local) for local in loss_locals(sample))
    return Backward(program.loss_node, 0, Named((program.loss_node, 0), arriving.symbol, share), tuple(passed))


def backward_at(done: Pass, one: Instruction, unit: int, row: int, symbols: Symbols) -> Backward:
    """One unit of an instruction, backward; raises KeyError where no gradient arrives."""
    sample = done.sample(row, symbols)
    top = symbols.value(one.output, unit)
    arriving = Leaf(slope_symbol(LOSS, top), float(done.trace.gradients[one.output][row, unit]))
    passed = (_passed(done, sample, top, arriving, local) for local in locals_of(sample, one, unit))
    return Backward(one.node, unit, Named((one.output, unit), arriving.symbol, arriving.value), tuple(passed))


def _passed(done: Pass, sample: Sample, top: Symbol, arriving: Leaf, local: Local[Place | Number]) -> Passed:
    if is_number(local.bottom):
        name, index = local.bottom
        bottom = sample.symbols.parameter(name, index)
        found = done.trace.parameters[name]
        gradient = float(found.gradient[index] - found.penalty_gradient[index])
    else:
        buffer, unit = local.bottom
        bottom = sample.symbols.value(buffer, unit)
        gradient = float(done.trace.gradients[buffer][sample.row, unit])
    own = slope_symbol(top, bottom)
    downstream = arriving.value * local.slope
    # The loss of one row is its own mean: there is no factor to be written.
    alone = top is LOSS and done.samples == 1
    formula = local.formula if alone else ex.product(arriving, local.formula if top is LOSS else Leaf(own, local.slope))
    line = Line(slope_symbol(LOSS, bottom), formula, downstream)
    slope = Line(own, local.formula, local.slope)
    return Passed(local.bottom, bottom, arriving.value, local.slope, downstream, gradient, local.rule, slope, line)


def slope_symbol(above: Symbol, below: Symbol) -> Symbol:
    """∂above/∂below."""
    return Symbol(f"∂{above.text}/∂{below.text}", rf"\frac{{\partial {above.latex}}}{{\partial {below.latex}}}")


def _named(sample: Sample, place: Place) -> Named:
    return Named(place, sample.symbols.value(*place), sample.value(place))


def lines_of(lines: Sequence[Line], write: Write = exact) -> str:
    """Several lines as text."""
    return "\n".join(line.text(write) for line in lines)
