"""The compiled elementary functions and activations against the C library and the rows of the op table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.native import functions as f
from playground.engine.native.builder import Builder, Place
from playground.engine.native.compiler import Module, vector_lanes
from playground.engine.native.elementwise import ACTIVATIONS
from playground.engine.ops import OPS
from playground.engine.program import Array

TINY = 5e-324
CORNERS = [0.0, -0.0, TINY, -TINY, 1e-310, -1e-310, 1e-300, -1e-300, 1e-17, -1e-17, 1e-8, -1e-8]

Emit = Callable[..., str]
FUNCTIONS: Mapping[str, Emit] = {
    "exp": f.exp,
    "expm1": f.expm1,
    "tanh": f.tanh,
    "sigmoid": f.sigmoid,
    "log": f.log,
    "log1p_to_1": f.log1p_to_1,
    "softplus": f.softplus,
    "sin": f.sin,
    "cos": f.cos,
    "normal": lambda b, z: f.normal(b, z)[0],
    "bell": lambda b, z: f.normal(b, z)[1],
}


class Vectorised:
    """Emitters compiled to functions of numpy arrays, all in one module."""

    def __init__(self, emitters: Mapping[str, tuple[Emit, int]], lanes: int) -> None:
        b = Builder(lanes)
        for name, (emit, arguments) in emitters.items():
            parameters = ", ".join(f"ptr %a{k}" for k in range(arguments))
            with b.function(f"void @{name}({parameters}, ptr %out, i64 %count)"):

                def one(i: int | str, _: tuple[str, ...], emit: Emit = emit, arguments: int = arguments) -> tuple[()]:
                    values = [b.load(Place(f"%a{k}", i)) for k in range(arguments)]
                    b.store(emit(b, *values), Place("%out", i))
                    return ()

                b.loop("%count", lanes, one)
                b.emit("ret void")
        self.lanes = lanes
        self.module = Module(b.text())
        self.arguments = {name: arguments for name, (_, arguments) in emitters.items()}

    def __call__(self, name: str, *arrays: Array) -> Array:
        count = len(arrays[0])
        padded = [np.resize(np.asarray(a, dtype=np.float64), -(-count // self.lanes) * self.lanes) for a in arrays]
        out = np.empty_like(padded[0])
        function = self.module.function(name, "p" * len(padded) + "pi")
        function(*(a.ctypes.data for a in padded), out.ctypes.data, len(out))
        return out[:count]


@pytest.fixture(scope="module", params=sorted({2, 4, vector_lanes()}))
def compiled(request: pytest.FixtureRequest) -> Vectorised:
    return Vectorised({name: (emit, 1) for name, emit in FUNCTIONS.items()}, request.param)


@pytest.fixture(scope="module")
def activations() -> Vectorised:
    rows: dict[str, tuple[Emit, int]] = {}
    for name, row in ACTIVATIONS.items():
        rows[name] = row.value, 1
        rows[f"{name}_back"] = row.pass_back, 2
    return Vectorised(rows, vector_lanes())


def units_off(got: Array, want: Array) -> float:
    """The largest difference in units of the wanted number's last place."""
    same = got == want
    with np.errstate(invalid="ignore"):
        return float(np.where(same, 0.0, np.abs(got - want) / np.spacing(np.abs(want))).max())


def grid(*ranges: tuple[float, float], count: int = 4000) -> Array:
    return np.concatenate([np.linspace(low, high, count) for low, high in ranges] + [np.array(CORNERS)])


def through(function: Callable[[float], float], x: Array) -> Array:
    return np.array([function(v) for v in x.tolist()])


@pytest.mark.parametrize(
    ("name", "function", "x", "units"),
    [
        ("exp", math.exp, grid((-708, 709), (-1, 1)), 2),
        ("expm1", math.expm1, grid((-708, 709), (-1, 1), (-0.01, 0.01)), 2),
        ("tanh", math.tanh, grid((-25, 25), (-1, 1), (-1e-3, 1e-3)), 4),
        ("log", math.log, np.concatenate([np.geomspace(2.3e-308, 1.7e308, 4000), np.linspace(0.5, 20, 4000)]), 2),
        ("log1p_to_1", math.log1p, np.concatenate([np.linspace(0, 1, 4000), np.geomspace(TINY, 1, 2000)]), 2),
        ("sin", math.sin, grid((-1e6, 1e6), (-10, 10), (-1e-3, 1e-3), (1e9, 1.0001e9)), 2),
        ("cos", math.cos, grid((-1e6, 1e6), (-10, 10), (-1e-3, 1e-3), (1e9, 1.0001e9)), 2),
    ],
)
def test_that_functions_agree_with_the_c_library(
    compiled: Vectorised, name: str, function: Callable[[float], float], x: Array, units: float
) -> None:
    assert units_off(compiled(name, x), through(function, x)) <= units


def test_that_sine_and_cosine_keep_their_digits_beside_multiples_of_a_quarter_turn(compiled: Vectorised) -> None:
    x = np.arange(-2000, 600_000, 37) * (math.pi / 2)
    assert units_off(compiled("sin", x), through(math.sin, x)) <= 2
    assert units_off(compiled("cos", x), through(math.cos, x)) <= 2


def test_that_sine_and_cosine_of_huge_numbers_are_finite_and_within_one(compiled: Vectorised) -> None:
    x = np.concatenate([np.geomspace(1e6, 1.7e308, 5000), -np.geomspace(1e6, 1.7e308, 5000)])
    for name in ("sin", "cos"):
        assert np.abs(compiled(name, x)).max() <= 1.0


def test_that_the_sigmoid_keeps_its_digits_in_its_lower_tail(compiled: Vectorised) -> None:
    x = np.linspace(-700, 0, 5000)
    want = through(lambda v: math.exp(v) / (1.0 + math.exp(v)), x)
    assert units_off(compiled("sigmoid", x), want) <= 4
    assert np.abs(compiled("sigmoid", -x) - (1.0 - want)).max() <= 3e-16


def test_that_softplus_keeps_its_digits_in_its_lower_tail(compiled: Vectorised) -> None:
    x = np.linspace(-700, 700, 9001)
    want = through(lambda v: max(v, 0.0) + math.log1p(math.exp(-abs(v))), x)
    assert units_off(compiled("softplus", x), want) <= 3


def test_that_the_normal_share_keeps_its_digits_in_its_lower_tail(compiled: Vectorised) -> None:
    z = np.linspace(-10, 10, 9001)
    want = through(lambda v: 0.5 * math.erfc(-v / math.sqrt(2.0)), z)
    got = compiled("normal", z)
    assert np.abs(got - want).max() <= 3e-16
    # The reference itself loses about z²/2 units by rounding z/√2.
    assert (np.abs(got / want - 1.0) <= 5e-16 * (2.0 + z * z / 2.0)).all()


@pytest.mark.parametrize(
    ("name", "minus", "plus"),
    [
        ("tanh", -1.0, 1.0),
        ("sigmoid", 0.0, 1.0),
        ("softplus", 0.0, None),
        ("normal", 0.0, 1.0),
        ("bell", 0.0, 0.0),
    ],
)
def test_that_functions_saturate_exactly(compiled: Vectorised, name: str, minus: float, plus: float | None) -> None:
    x = np.array([1000.0, 1e18, 1.7e308, math.inf])
    assert compiled(name, -x).tolist() == [minus] * 4
    assert compiled(name, x).tolist() == (x.tolist() if plus is None else [plus] * 4)


def test_that_exp_is_zero_far_below_and_the_logarithm_keeps_infinity(compiled: Vectorised) -> None:
    assert compiled("exp", np.array([-709.0, -1e5, -1e308, -math.inf])).tolist() == [0.0] * 4
    assert compiled("log", np.array([math.inf, 1.0])).tolist() == [math.inf, 0.0]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_that_nan_stays_nan_and_touches_no_other_lane(compiled: Vectorised, name: str) -> None:
    for nan in (math.nan, -math.nan):
        x = np.array([0.5, nan] * 4)
        got = compiled(name, x)
        assert np.isnan(got[1::2]).all()
        assert np.isfinite(got[::2]).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_that_activations_agree_with_their_rows_of_the_op_table(activations: Vectorised, name: str) -> None:
    row, z = OPS[name], grid((-30, 30), (-3, 3), (-1e-3, 1e-3), (-1000, 1000))
    assert row.function is not None
    assert row.slope is not None
    want = row.function(z)
    got = activations(name, z)
    np.testing.assert_allclose(got, want, rtol=2e-15, atol=2e-15)
    upstream = np.cos(np.arange(len(z)))
    kept = z if ACTIVATIONS[name].needs_z else want
    np.testing.assert_allclose(
        activations(f"{name}_back", upstream, kept), upstream * row.slope(z, want), rtol=1e-14, atol=1e-15
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_that_activations_pass_nan_on(activations: Vectorised, name: str) -> None:
    assert np.isnan(activations(name, np.array([math.nan] * 8))).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_that_activations_of_large_finite_numbers_are_finite(activations: Vectorised, name: str) -> None:
    z = np.array([1e30, -1e30, 1e300, -1e300])
    want = OPS[name].function(z)  # type: ignore[misc]
    assert np.isfinite(activations(name, z)).all()
    if name != "sin":
        np.testing.assert_allclose(activations(name, z), want, rtol=1e-15)


@pytest.fixture(scope="module")
def widest() -> Vectorised:
    return Vectorised({name: (emit, 1) for name, emit in FUNCTIONS.items()}, vector_lanes())


@given(x=st.floats(min_value=-1e6, max_value=1e6))
def test_that_any_number_agrees_with_the_c_library(widest: Vectorised, x: float) -> None:
    for name in ("tanh", "sin", "cos"):
        want = np.array([getattr(math, name)(x)])
        assert units_off(widest(name, np.array([x])), want) <= 4
