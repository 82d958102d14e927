"""The chain rule for whole layers: what leads from the gradient at one buffer to that at the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from playground.engine import expression as ex
from playground.engine.activation_formulas import slope_of
from playground.engine.derivation import Derivation
from playground.engine.details import LOSS, slope_symbol
from playground.engine.expression import Expression, Leaf, Symbol
from playground.engine.program import Array, Instruction
from playground.engine.symbols import Symbols


@dataclass(frozen=True, eq=False)
class Layer:
    """The gradient of a row's own loss at a whole buffer.

    Attributes:
        symbol: ∂L/∂h⁽¹⁾.
        nodes: what passes it here; `formula` is the sum of what they pass: ∂L/∂z⁽²⁾ · W⁽²⁾ᵀ.
        gradient: [width].
    """

    buffer: str
    nodes: tuple[str, ...]
    symbol: Symbol
    formula: Expression
    gradient: Array


# It is asked for once as text and once as LaTeX.
@lru_cache(1)
def layers(derivation: Derivation) -> tuple[Layer, ...]:
    """From the loss back to the number's own node; the last line, ∂L/∂w = ∂L/∂z · x, is `derivation.last`'s."""
    done, symbols = derivation.done, derivation.sample.symbols
    program, behind = done.program, derivation.behind
    found = []
    for buffer in reversed([one.output for one in program.instructions]):
        if buffer not in behind or buffer not in done.trace.gradients:
            continue
        nodes, parts = [], []
        if buffer == program.prediction:
            nodes.append(program.loss_node)
            parts.append(_of_loss(program.loss, symbols))
        for one in program.instructions:
            if buffer in one.inputs and one.output in done.trace.gradients:
                nodes.append(one.node)
                parts += [_passed(one, place, symbols) for place, name in enumerate(one.inputs) if name == buffer]
        gradient = done.trace.gradients[buffer][derivation.row] * derivation.rows
        symbol = slope_symbol(LOSS, symbols.vector(buffer))
        found.append(Layer(buffer, tuple(nodes), symbol, ex.total(parts), gradient))
    return tuple(found)


def _leaf(symbol: Symbol) -> Expression:
    return Leaf(symbol, 0.0)


def _times(text: str, latex: str, one: Expression, other: Expression) -> Expression:
    return ex.Form(f"@0@ {text} @1@", rf"@0@ {latex} @1@", (one, other), (ex.PRODUCT,) * 2, ex.PRODUCT, ex.PRODUCT)


def _passed(one: Instruction, place: int, symbols: Symbols) -> Expression:
    """What an instruction passes to one of its inputs, in symbols of whole layers."""
    out = symbols.vector(one.output)
    arriving = _leaf(slope_symbol(LOSS, out))
    if one.op == "dense":
        weight = ex.call("@0@ᵀ", r"{@0@}^{\top}", _leaf(symbols.matrix(one.parameters[0])))
        return _times("·", r"\cdot", arriving, weight)
    if one.op == "multiply":
        others = [_leaf(symbols.vector(name)) for k, name in enumerate(one.inputs) if k != place]
        for other in others:
            arriving = _times("⊙", r"\odot", arriving, other)
        return arriving
    if one.op == "softmax":
        whole = ex.call("(@0@ − @0@·@1@ᵀ)", r"\left(@0@ - @0@ {@1@}^{\top}\right)", arriving, _leaf(out))
        return _times("⊙", r"\odot", _leaf(out), whole)
    if one.op == "concat":
        start = sum(symbols.program.widths[name] for name in one.inputs[:place])
        ends = f"{start + 1}…{start + symbols.program.widths[one.inputs[place]]}"
        return ex.call(f"(@0@)[{ends}]", rf"\left(@0@\right)_{{{ends.replace('…', chr(92) + 'dots ')}}}", arriving)
    if one.op == "dropout":
        return _times("⊙", r"\odot", arriving, _leaf(Symbol("m", r"\mathbf{m}")))
    if one.op in ("add", "identity"):
        return arriving
    return _times("⊙", r"\odot", arriving, slope_of(one.op, _leaf(symbols.vector(one.inputs[0])), _leaf(out)))


def _of_loss(loss: str, symbols: Symbols) -> Expression:
    """The slope of the loss towards all outputs."""
    y = _leaf(symbols.vector(symbols.program.prediction))
    t = _leaf(symbols.answers())
    match loss:
        case "binary_cross_entropy":
            return ex.difference(ex.call("σ(@0@)", r"\sigma\left(@0@\right)", y), t)
        case "softmax_cross_entropy":
            return ex.difference(ex.call("softmax(@0@)", r"\mathrm{softmax}\left(@0@\right)", y), t)
        case "hinge":
            return ex.call("hinge′(@0@, @1@)", r"\mathrm{hinge}'\left(@0@, @1@\right)", y, t)
        case "huber":
            return ex.call("H′(@0@)", r"\mathrm{H}'\left(@0@\right)", ex.difference(y, t))
        case _:
            return ex.difference(y, t)
