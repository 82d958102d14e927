"""The update of one number, line by line: penalty, momentum or Adam's averages, the step, the new value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from playground.engine import expression as ex
from playground.engine.derivation import place_of
from playground.engine.details import LOSS, Line, slope_symbol
from playground.engine.exact import Write, exact
from playground.engine.expression import Expression, Leaf, Symbol
from playground.engine.optimizers import OPTIMIZERS, Hyper, frozen_mask
from playground.engine.passes import Pass
from playground.engine.symbols import Symbols

# As the optimizers have them; a test holds the lines to what they do.
_BETA1, _BETA2, _DECAY = 0.9, 0.999, 0.99


@dataclass(frozen=True, eq=False)
class Update:
    """What an update does to one number of a parameter.

    Attributes:
        gradient, penalty_gradient: of the mean data loss, and of the penalty.
        old, new: before and after; `new` is the training engine's own where the pass is its batch.
        frozen: whether it keeps its value; then there are no lines.
        lines: how it comes about: each of the optimizer's formulas with its numbers; the last gives the new value.
    """

    parameter: str
    index: tuple[int, ...]
    symbol: Symbol
    gradient: float
    penalty_gradient: float
    old: float
    new: float
    frozen: bool
    lines: tuple[Line, ...]

    @property
    def step(self) -> float:
        """How far the number moves."""
        return self.new - self.old

    def text(self, write: Write = exact) -> str:
        """All lines as text."""
        return "\n".join(line.text(write) for line in self.lines)


def update_at(done: Pass, parameter: str, index: tuple[int, ...], symbols: Symbols) -> Update:
    """The update of one number; raises KeyError for an unknown parameter, IndexError outside its shape."""
    found = done.trace.parameters[parameter]
    penalty = float(found.penalty_gradient[index])
    gradient = float(found.gradient[index]) - penalty
    if not penalty:
        gradient = float(found.gradient[index])
    flat = place_of(done.program, (parameter, index))
    mask = frozen_mask(done.program)
    frozen = mask is not None and bool(mask[flat])
    symbol = symbols.parameter(parameter, index)
    old, new = float(found.value[index]), float(done.new[parameter][index])
    lines: tuple[Line, ...] = ()
    if not frozen:
        weight = parameter.endswith(".weight")
        lines = _Lines(done, flat, Leaf(symbol, old), gradient, penalised=weight).lines(new)
    return Update(parameter, index, symbol, gradient, penalty, old, new, frozen, lines)


class _Lines:
    """The lines of one number: each is worked out from those before it."""

    def __init__(self, done: Pass, flat: int, weight: Leaf, gradient: float, *, penalised: bool) -> None:
        self.hyper: Hyper = done.hyper
        names = OPTIMIZERS[self.hyper.optimizer].slots(self.hyper)
        kept = set(names) == set(done.before.slots)
        self.slots = {name: float(done.before.slots[name][flat]) if kept else 0.0 for name in names}
        self.steps = (done.before.steps if kept else 0) + 1
        self.weight, self.penalised = weight, penalised
        self.gradient = Leaf(slope_symbol(LOSS, weight.symbol), gradient)
        self.found: list[Line] = []

    def lines(self, new: float) -> tuple[Line, ...]:
        """All of them; the last one says `new`."""
        step = getattr(self, f"_{self.hyper.optimizer}")(self.received())
        rate = _leaf("η", r"\eta", self.hyper.learning_rate)
        moved = ex.difference(self.weight, ex.product(rate, step))
        self.found.append(Line(self.weight.symbol, moved, new, "←"))
        return tuple(self.found)

    def received(self) -> Leaf:
        """The gradient as the optimizer receives it: with the penalty's own slope, where there is a penalty."""
        hyper, w = self.hyper, self.weight
        if not (self.penalised and (hyper.l1 or hyper.l2)):
            return self.gradient
        parts: list[Expression] = [self.gradient]
        value = self.gradient.value
        if hyper.l1:
            sign = math.copysign(1.0, w.value) if w.value else 0.0
            side = Leaf(Symbol(f"sign({w.symbol.text})", rf"\mathrm{{sign}}({w.symbol.latex})"), sign)
            parts.append(ex.product(_leaf("λ₁", r"\lambda_{1}", hyper.l1), side))
            value += hyper.l1 * sign
        if hyper.l2:
            parts.append(ex.product(_leaf("λ₂", r"\lambda_{2}", hyper.l2), w))
            value += hyper.l2 * w.value
        return self.line("g", "g", ex.total(parts), value)

    def line(self, text: str, latex: str, formula: Expression, value: float, sign: str = "=") -> Leaf:
        """One more line; what it gives, for those after it."""
        symbol = Symbol(text, latex)
        self.found.append(Line(symbol, formula, value, sign))
        return Leaf(symbol, value)

    def average(self, text: str, slot: str, beta: float, beside: str, part: Expression, value: float) -> Leaf:
        """A running average: m ← β·m + (1 − β)·part."""
        before = _leaf(text, text, self.slots[slot])
        formula = ex.total([ex.product(ex.constant(str(beta)), before), ex.product(ex.constant(beside), part)])
        return self.line(text, text, formula, beta * before.value + (1.0 - beta) * value, "←")

    def _sgd(self, g: Leaf) -> Expression:
        beta = self.hyper.momentum
        if not beta:
            return g
        before, rate = _leaf("v", "v", self.slots["velocity"]), _leaf("β", r"\beta", beta)
        v = self.line("v", "v", ex.total([ex.product(rate, before), g]), beta * before.value + g.value, "←")
        return ex.total([g, ex.product(rate, v)]) if self.hyper.nesterov else v

    def _adam(self, g: Leaf) -> Expression:
        m = self.average("m", "mean", _BETA1, "0.1", g, g.value)
        v = self.average("v", "square", _BETA2, "0.001", ex.square(g), g.value * g.value)
        hats = []
        for leaf, beta in ((m, _BETA1), (v, _BETA2)):
            below = 1.0 - beta**self.steps
            power = ex.call(f"(1 − {beta}^{self.steps})", f"1 - {beta}^{{{self.steps}}}")
            name = leaf.symbol.text
            hats.append(self.line(f"{name}̂", rf"\hat{{{name}}}", ex.quotient(leaf, power), leaf.value / below))
        return ex.quotient(hats[0], _root(hats[1], "10⁻⁸", "10^{-8}"))

    def _rmsprop(self, g: Leaf) -> Expression:
        v = self.average("v", "square", _DECAY, "0.01", ex.square(g), g.value * g.value)
        return ex.quotient(g, _root(v, "10⁻⁸", "10^{-8}"))

    def _adagrad(self, g: Leaf) -> Expression:
        before = _leaf("s", "s", self.slots["square_sum"])
        s = self.line("s", "s", ex.total([before, ex.square(g)]), before.value + g.value * g.value, "←")
        return ex.quotient(g, _root(s, "10⁻¹⁰", "10^{-10}"))


def _leaf(text: str, latex: str, value: float) -> Leaf:
    return Leaf(Symbol(text, latex), value)


def _root(part: Leaf, epsilon: str, epsilon_latex: str) -> Expression:
    """√part + ε."""
    return ex.call(f"(√(@0@) + {epsilon})", rf"\sqrt{{@0@}} + {epsilon_latex}", part)
