"""*One formula*: the loss and its derivative by substitution, layer put into layer, beside the chain rule.

Both give the same number. The formula grows with every layer, without bounds; the chain's factors are each computed
once, whatever number is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.engine import expression as ex
from playground.engine.derivation import Derivation, shared_by
from playground.engine.exact import Write
from playground.engine.expression import Expression
from playground.engine.formula_size import FormulaSize
from playground.engine.formulas import Sample, forward, own_slopes, taken, towards
from playground.engine.loss_formulas import loss_formula, loss_locals
from playground.engine.program import Program
from playground.engine.symbols import Place

#: A formula of more symbols is not written out.
MOST_SYMBOLS = 240


@dataclass(frozen=True, eq=False)
class OneFormula:
    """The loss of one row as a single formula of inputs and weights, and its derivative by one of them.

    Attributes:
        loss, derivative: the formulas; None where one of them is too long to be written.
        symbols, derivative_symbols: how many symbols they have when written out.
        growth: after each layer put in, from the loss back: its node, and how many symbols the formula of L then has.
        paths: how many chains of factors the derivative is the sum of.
        products: how many products one backward sweep computes, for the derivatives by all numbers together.
    """

    loss: Expression | None
    derivative: Expression | None
    symbols: int
    derivative_symbols: int
    growth: tuple[tuple[str, int], ...]
    paths: int
    products: int

    def text(self, derivation: Derivation, write: Write | None = None) -> tuple[str, str] | None:
        """Both formulas as text, in symbols or in numbers; None where they are too long."""
        if self.loss is None or self.derivative is None:
            return None
        slope = f"∂L/∂{derivation.symbol.text}"
        return f"L = {ex.text(self.loss, write)}", f"{slope} = {ex.text(self.derivative, write)}"

    def latex(self, derivation: Derivation) -> tuple[str, str] | None:
        """Both formulas as LaTeX; None where they are too long."""
        if self.loss is None or self.derivative is None:
            return None
        slope = rf"\frac{{\partial L}}{{\partial {derivation.symbol.latex}}}"
        return f"L = {ex.latex(self.loss)}", f"{slope} = {ex.latex(self.derivative)}"


def one_formula(derivation: Derivation) -> OneFormula:
    """The formula for a derivation's number; of one that is too long there are only the counts."""
    program, sample, size = derivation.done.program, derivation.sample, FormulaSize(derivation)
    loss = derivative = None
    sizes = size.of_loss(), size.of_derivative()
    if max(sizes) <= MOST_SYMBOLS:
        inner = _substituted(sample)
        loss = loss_formula(sample, lambda place: inner[place])
        derivative = _derivative(derivation, inner)
    return OneFormula(loss, derivative, *sizes, size.growth(), derivation.count, products_in(program))


def products_in(program: Program) -> int:
    """How many products of upstream and local slope one backward sweep takes."""
    count = program.widths[program.prediction]
    for one in program.instructions:
        width = program.widths[one.output]
        if one.op == "dense":
            count += width * (2 * program.widths[one.inputs[0]] + len(one.parameters) - 1)
        else:
            count += sum(1 for unit in range(width) for _ in taken(program, one, unit))
    return count


def reuse(derivation: Derivation) -> dict[tuple[object, object], int]:
    """For each factor of the paths: how many derivations have it in them (∂L/∂Q of the lecture: three)."""
    program = derivation.done.program
    factors = {factor.key: factor for path in derivation.paths for factor in path.factors}
    return {key: shared_by(program, factor) for key, factor in factors.items()}


def _substituted(sample: Sample) -> Mapping[Place, Expression]:
    """Every unit as a formula of inputs and weights alone."""
    program = sample.program
    known = {(program.input, unit): sample.leaf((program.input, unit)) for unit in range(program.widths[program.input])}
    for one in program.instructions:
        for unit in range(program.widths[one.output]):
            known[one.output, unit] = forward(sample, one, unit, lambda other: known[other])
    return known


def _derivative(derivation: Derivation, inner: Mapping[Place, Expression]) -> Expression:
    """The derivative with everything put in: what arrives at a unit is itself such a formula, copied at each use."""
    program, sample = derivation.done.program, derivation.sample
    own = (derivation.owner.output, derivation.unit)
    behind = derivation.behind
    terms: dict[Place, list[Expression]] = {}
    for local in loss_locals(sample, lambda place: inner[place]):
        terms[local.bottom] = [local.formula]
    for one in reversed(program.instructions):
        if one.output not in behind or one is derivation.owner:
            continue
        for unit in range(program.widths[one.output]):
            arriving = ex.total(terms.get((one.output, unit), []))
            if arriving is ex.ZERO:
                continue
            for local in towards(sample, one, unit, leaf=lambda place: inner[place]):
                if local.bottom[0] in behind:
                    terms.setdefault(local.bottom, []).append(ex.product(arriving, local.formula))
    slope = next(
        one for one in own_slopes(sample, derivation.owner, own[1], lambda place: inner[place])
        if one.bottom == derivation.number
    )  # fmt: skip
    arriving = ex.total(terms.get(own, []))
    return ex.ZERO if arriving is ex.ZERO else ex.product(arriving, slope.formula)
