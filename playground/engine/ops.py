"""The table of operations: for each its width rule, its forward rule, its two backward rules and its formula.

A derivative rule is a row here and nowhere else. Everything that runs, steps through, checks or exports a network reads
this table; a new operation is one new row. Arrays are [samples, width] float64; `upstream` is the gradient of the loss
that arrives at an operation's output, and has that output's shape.

Two rules lead backwards: `to_inputs` gives the gradient for each input (upstream × local slope), `to_parameters` writes
the gradient for each parameter into arrays of the parameter's own shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.engine.program import Array

Arrays = Sequence[Array]
Elementwise = Callable[[Array], Array]
Slope = Callable[[Array, Array], Array]


def _no_parameters(upstream: Array, inputs: Arrays, out: Arrays) -> None:
    """An operation without parameters has nothing to write."""


@dataclass(frozen=True)
class Op:
    """One row of the table.

    Attributes:
        formula: the forward rule as a reader writes it; `slope_formula` is the local slope ∂output/∂input.
        width: the output's width from the widths of the inputs and the shapes of the parameters; raises ValueError
            where they do not fit.
        forward: output from inputs and parameters.
        to_inputs: the gradient for each input from upstream, inputs, output and parameters.
        to_parameters: writes the gradient of each parameter into `out`, summed over the samples.
        function, slope: for element-wise operations a = f(z) and f′ given both z and a; None for the coupled ones.
        kinked: whether the slope, or how fast it changes, jumps where an input crosses 0.
    """

    name: str
    formula: str
    slope_formula: str
    width: Callable[[Sequence[int], Sequence[tuple[int, ...]]], int]
    forward: Callable[[Arrays, Arrays], Array]
    to_inputs: Callable[[Array, Arrays, Array, Arrays], Sequence[Array]]
    to_parameters: Callable[[Array, Arrays, Arrays], None] = _no_parameters
    function: Elementwise | None = None
    slope: Slope | None = None
    kinked: bool = False


# --- dense -----------------------------------------------------------------------------------------


def _dense_width(widths: Sequence[int], shapes: Sequence[tuple[int, ...]]) -> int:
    (width,) = widths
    rows, units = shapes[0]
    if rows != width:
        raise ValueError(f"a weight of {rows} rows meets an input of width {width}")
    return units


def _dense_forward(inputs: Arrays, parameters: Arrays) -> Array:
    z: Array = inputs[0] @ parameters[0]
    if len(parameters) == 2:
        z += parameters[1]
    return z


def _dense_to_inputs(upstream: Array, inputs: Arrays, output: Array, parameters: Arrays) -> Sequence[Array]:
    return (upstream @ parameters[0].T,)


def _dense_to_parameters(upstream: Array, inputs: Arrays, out: Arrays) -> None:
    np.matmul(inputs[0].T, upstream, out=out[0])
    if len(out) == 2:
        upstream.sum(axis=0, out=out[1])


# --- element-wise activations: f(z), and f′ from z and a = f(z) ------------------------------------


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^−z), or e^z / (1 + e^z) below 0: never an overflow, and no digit lost however small it is."""
    e = np.exp(-np.abs(z))
    share: Array = np.where(z < 0.0, e, 1.0) / (1.0 + e)
    return share


def _normal(z: Array) -> Array:
    """Φ(z), the share of the standard normal distribution below z, as ½·erfc(−z/√2): exact far below 0 too."""
    scaled = (z / -math.sqrt(2.0)).ravel().tolist()
    return 0.5 * np.fromiter(map(math.erfc, scaled), dtype=np.float64, count=z.size).reshape(z.shape)


def _gelu_slope(z: Array, a: Array) -> Array:
    return _normal(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def _swish_slope(z: Array, a: Array) -> Array:
    s = sigmoid(z)
    return s + a * (1.0 - s)


def _same_width(widths: Sequence[int], shapes: Sequence[tuple[int, ...]]) -> int:
    if len(set(widths)) != 1:
        raise ValueError(f"inputs of different widths: {', '.join(map(str, widths))}")
    return widths[0]


def _elementwise(name: str, formula: str, slope_formula: str, f: Elementwise, slope: Slope, kinked: bool = False) -> Op:
    return Op(
        name,
        formula,
        slope_formula,
        width=_same_width,
        forward=lambda inputs, parameters: f(inputs[0]),
        to_inputs=lambda upstream, inputs, output, parameters: (upstream * slope(inputs[0], output),),
        function=f,
        slope=slope,
        kinked=kinked,
    )


# --- coupled and joining operations ----------------------------------------------------------------


def softmax(z: Array) -> Array:
    """e^zⱼ / Σₖ e^zₖ along each row, with the row's largest taken off first."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    shares: Array = e / e.sum(axis=1, keepdims=True)
    return shares


def _softmax_to_inputs(upstream: Array, inputs: Arrays, output: Array, parameters: Arrays) -> Sequence[Array]:
    """Every output depends on every input: the full Jacobian diag(a) − a·aᵀ, applied to upstream."""
    return (output * (upstream - (upstream * output).sum(axis=1, keepdims=True)),)


def _sum(inputs: Arrays, parameters: Arrays) -> Array:
    total = inputs[0] + inputs[1] if len(inputs) > 1 else inputs[0].copy()
    for other in inputs[2:]:
        total += other
    return total


def _product(inputs: Arrays, parameters: Arrays = ()) -> Array:
    total = inputs[0].copy()
    for other in inputs[1:]:
        total *= other
    return total


def _product_to_inputs(upstream: Array, inputs: Arrays, output: Array, parameters: Arrays) -> Sequence[Array]:
    """The slope towards one input is the product of the others (never output / input: that fails at 0)."""
    return tuple(
        upstream * _product([other for k, other in enumerate(inputs) if k != i]) if len(inputs) > 1 else upstream
        for i in range(len(inputs))
    )


def _concat_to_inputs(upstream: Array, inputs: Arrays, output: Array, parameters: Arrays) -> Sequence[Array]:
    edges = np.cumsum([array.shape[1] for array in inputs])[:-1]
    return np.split(upstream, edges, axis=1)


def _dropout(inputs: Arrays, parameters: Arrays) -> Array:
    """Srivastava et al. 2014, scaled while training: a second input is the mask, and without one values pass."""
    return inputs[0] * inputs[1] if len(inputs) == 2 else inputs[0]


def _dropout_to_inputs(upstream: Array, inputs: Arrays, output: Array, parameters: Arrays) -> Sequence[Array]:
    return (upstream * inputs[1] if len(inputs) == 2 else upstream,)


_ROWS = (
    Op(
        "dense",
        "x·W + b",
        "∂z/∂x = W, ∂z/∂W = x, ∂z/∂b = 1",
        _dense_width,
        _dense_forward,
        _dense_to_inputs,
        _dense_to_parameters,
    ),
    _elementwise("identity", "z", "1", lambda z: z, lambda z, a: np.ones_like(z)),
    _elementwise(
        "relu",
        "max(0, z)",
        "1 if z > 0, else 0",
        lambda z: np.maximum(z, 0.0),
        lambda z, a: np.where(z > 0.0, 1.0, 0.0),
        True,
    ),
    _elementwise(
        "leaky_relu",
        "z if z > 0, else 0.01·z",
        "1 if z > 0, else 0.01",
        lambda z: np.where(z > 0.0, z, 0.01 * z),
        lambda z, a: np.where(z > 0.0, 1.0, 0.01),
        True,
    ),
    _elementwise(
        "elu",
        "z if z > 0, else e^z − 1",
        "1 if z > 0, else a + 1",
        lambda z: np.where(z > 0.0, z, np.expm1(np.minimum(z, 0.0))),
        lambda z, a: np.where(z > 0.0, 1.0, a + 1.0),
        True,
    ),
    _elementwise("sigmoid", "1 / (1 + e^−z)", "a·(1 − a)", sigmoid, lambda z, a: a * (1.0 - a)),
    _elementwise("tanh", "tanh z", "1 − a²", np.tanh, lambda z, a: 1.0 - a * a),
    _elementwise("softplus", "ln(1 + e^z)", "1 / (1 + e^−z)", lambda z: np.logaddexp(0.0, z), lambda z, a: sigmoid(z)),
    _elementwise("gelu", "z·Φ(z)", "Φ(z) + z·φ(z)", lambda z: z * _normal(z), _gelu_slope),
    _elementwise("swish", "z / (1 + e^−z)", "σ(z) + a·(1 − σ(z))", lambda z: z * sigmoid(z), _swish_slope),
    _elementwise("sin", "sin z", "cos z", np.sin, lambda z, a: np.cos(z)),
    Op(
        "softmax",
        "e^zⱼ / Σ e^zₖ",
        "aⱼ·(δⱼₖ − aₖ)",
        _same_width,
        lambda inputs, parameters: softmax(inputs[0]),
        _softmax_to_inputs,
    ),
    Op(
        "dropout",
        "x; in training x·m, where m is 0 or 1 / (1 − rate) at random",
        "1; in training m",
        _same_width,
        _dropout,
        _dropout_to_inputs,
    ),
    Op(
        "add",
        "x + y",
        "1",
        _same_width,
        _sum,
        lambda upstream, inputs, output, parameters: (upstream,) * len(inputs),
    ),
    Op("multiply", "x·y", "the other factor", _same_width, _product, _product_to_inputs),
    Op(
        "concat",
        "[x, y]",
        "1",
        lambda widths, shapes: sum(widths),
        lambda inputs, parameters: np.concatenate(inputs, axis=1),
        _concat_to_inputs,
    ),
)

#: Every operation by its name.
OPS: Mapping[str, Op] = {row.name: row for row in _ROWS}

#: The operations that an activation node can stand for, in the order in which they are offered.
ACTIVATIONS: tuple[str, ...] = (
    "identity", "relu", "leaky_relu", "elu", "sigmoid", "tanh", "softplus", "gelu", "swish", "sin", "softmax",
)  # fmt: skip
