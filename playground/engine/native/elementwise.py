"""One small emitter per activation: its value from z, its slope from the value (from z where that is not enough)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.engine.native import functions as f
from playground.engine.native.builder import Builder


@dataclass(frozen=True)
class Activation:
    """`value(b, z)`; `pass_back(b, upstream, kept)` = upstream · slope, where `kept` is a, or z where `needs_z`."""

    value: Callable[[Builder, str], str]
    pass_back: Callable[[Builder, str, str], str]
    needs_z: bool = False


ZERO = "zeroinitializer"


def _tanh_back(b: Builder, upstream: str, a: str) -> str:
    return b.fmul(upstream, b.fma(b.fneg(a), a, b.constant(1.0)))


def _sigmoid_back(b: Builder, upstream: str, a: str) -> str:
    return b.fmul(upstream, b.fmul(a, b.fsub(b.constant(1.0), a)))


def _where_positive(slope_else: float) -> Callable[[Builder, str, str], str]:
    def back(b: Builder, upstream: str, a: str) -> str:
        other = ZERO if slope_else == 0.0 else b.fmul(upstream, b.constant(slope_else))
        return b.select(b.compare("ogt", a, ZERO), upstream, other)

    return back


def _leaky(b: Builder, z: str) -> str:
    return b.select(b.compare("ogt", z, ZERO), z, b.fmul(z, b.constant(0.01)))


def _elu(b: Builder, z: str) -> str:
    return b.select(b.compare("ogt", z, ZERO), z, f.expm1(b, f.clamp(b, z, -708.0, 0.0)))


def _elu_back(b: Builder, upstream: str, a: str) -> str:
    slope = b.select(b.compare("ogt", a, ZERO), b.constant(1.0), b.fadd(a, b.constant(1.0)))
    return b.fmul(upstream, slope)


def _softplus_back(b: Builder, upstream: str, a: str) -> str:
    # σ(z) = 1 − e^−a: no division, and no digit lost however small it is.
    return b.fneg(b.fmul(upstream, f.expm1(b, b.fneg(f.at_most(b, a, 700.0)))))


def _gelu(b: Builder, z: str) -> str:
    return b.fmul(z, f.normal(b, z)[0])


def _gelu_back(b: Builder, upstream: str, z: str) -> str:
    below, bell = f.normal(b, z)
    density = b.fmul(bell, b.constant(1.0 / math.sqrt(2.0 * math.pi)))
    return b.fmul(upstream, b.fma(z, density, below))


def _swish(b: Builder, z: str) -> str:
    return b.fmul(z, f.sigmoid(b, z))


def _swish_back(b: Builder, upstream: str, z: str) -> str:
    s = f.sigmoid(b, z)
    return b.fmul(upstream, b.fma(b.fmul(z, s), b.fsub(b.constant(1.0), s), s))


ACTIVATIONS: Mapping[str, Activation] = {
    "identity": Activation(lambda b, z: z, lambda b, upstream, a: upstream),
    "relu": Activation(f.positive_part, _where_positive(0.0)),
    "leaky_relu": Activation(_leaky, _where_positive(0.01)),
    "elu": Activation(_elu, _elu_back),
    "sigmoid": Activation(f.sigmoid, _sigmoid_back),
    "tanh": Activation(f.tanh, _tanh_back),
    "softplus": Activation(f.softplus, _softplus_back),
    "gelu": Activation(_gelu, _gelu_back, needs_z=True),
    "swish": Activation(_swish, _swish_back, needs_z=True),
    "sin": Activation(f.sin, lambda b, upstream, z: b.fmul(upstream, f.cos(b, z)), needs_z=True),
}
