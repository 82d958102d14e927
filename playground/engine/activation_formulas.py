"""Activations as formulas: by name, spelled out, and their slopes; the numbers that stand in formulas as factors."""

from __future__ import annotations

from collections.abc import Mapping

from playground.engine import expression as ex
from playground.engine.exact import exact, in_latex
from playground.engine.expression import Expression

#: Activations of one part, as text and LaTeX; those that bend at 0 are written by the side that applies.
_WRITTEN: Mapping[str, tuple[str, str]] = {
    "relu": ("max(0, @0@)", r"\max\left(0, @0@\right)"),
    "tanh": ("tanh(@0@)", r"\tanh\left(@0@\right)"),
    "softplus": ("ln(1 + e^(@0@))", r"\ln\left(1 + e^{@0@}\right)"),
    "sin": ("sin(@0@)", r"\sin\left(@0@\right)"),
    "sigmoid": ("σ(@0@)", r"\sigma\left(@0@\right)"),
    "gelu": ("gelu(@0@)", r"\mathrm{gelu}\left(@0@\right)"),
    "swish": ("swish(@0@)", r"\mathrm{swish}\left(@0@\right)"),
    "elu": ("elu(@0@)", r"\mathrm{elu}\left(@0@\right)"),
    "leaky_relu": ("leaky_relu(@0@)", r"\mathrm{leaky\_relu}\left(@0@\right)"),
}


def _exponential(part: Expression) -> Expression:
    return ex.call("e^(@0@)", "e^{@0@}", part)


def _logistic(part: Expression) -> Expression:
    """1 / (1 + e^−z)."""
    return ex.quotient(ex.ONE, ex.call("(1 + e^(@0@))", "1 + e^{@0@}", ex.negative(part)))


def spelled(op: str, part: Expression, value: float) -> Expression:
    """An activation of one part whose value is `value`, spelled out as its row has it."""
    if op == "sigmoid":
        return _logistic(part)
    if op == "swish":
        return ex.product(part, _logistic(part))
    if op == "gelu":
        return ex.product(part, ex.call("Φ(@0@)", r"\Phi\left(@0@\right)", part))
    if op == "leaky_relu":
        return part if value > 0.0 else ex.product(ex.constant("0.01"), part)
    if op == "elu":
        return part if value > 0.0 else ex.difference(_exponential(part), ex.ONE)
    return short(op, part)


def short(op: str, part: Expression) -> Expression:
    """An activation of one part by its name, as it is written where formulas are put into each other."""
    return part if op == "identity" else ex.call(*_WRITTEN[op], part)


def share(parts: list[Expression], unit: int) -> Expression:
    """Softmax: e^zⱼ / Σ e^zₖ."""
    below = [_exponential(part) for part in parts]
    if len(below) == 1:
        return ex.quotient(below[0], below[0])
    whole = ex.total(below)
    return ex.quotient(below[unit], ex.call("(@0@)", "@0@", whole))


def factor(value: float) -> Expression:
    """A number that is no variable; the factor 1 is left out of products."""
    if value == 1.0:
        return ex.ONE
    written = exact(value)
    level = ex.SUM if written.startswith("−") else ex.QUOTIENT if "/" in written else ex.ATOM
    return ex.Form(written, in_latex(written), level=level, latex_level=ex.SUM if level == ex.SUM else ex.ATOM)


def slope_of(op: str, z: Expression, a: Expression, at: tuple[float, float] | None = None) -> Expression:
    """f′ in symbols; `at` is an input and the slope there: then the side of 0 on which it lies is enough."""
    sigma = ex.call("σ(@0@)", r"\sigma\left(@0@\right)", z)
    match op:
        case "sigmoid":
            return ex.product(a, ex.difference(ex.ONE, a))
        case "tanh":
            return ex.difference(ex.ONE, ex.square(a))
        case "softplus":
            return sigma
        case "swish":
            return ex.total([sigma, ex.product(a, ex.difference(ex.ONE, sigma))])
        case "gelu":
            shares = (ex.call(f"{sign}(@0@)", rf"{name}\left(@0@\right)", z)
                      for sign, name in (("Φ", r"\Phi"), ("φ", r"\varphi")))  # fmt: skip
            return ex.total([next(shares), ex.product(z, next(shares))])
        case "sin":
            return ex.call("cos(@0@)", r"\cos\left(@0@\right)", z)
        case "identity":
            return ex.ONE
        case _ if at is None:
            name = op.replace("_", r"\_")
            return ex.call(f"{op}′(@0@)", rf"\mathrm{{{name}}}'\left(@0@\right)", z)
        case "elu" if at[0] <= 0.0:
            return ex.total([a, ex.ONE])
        case _:
            return factor(at[1])
