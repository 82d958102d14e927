"""The compiled losses and softmax against the loss table, the cases of extreme logits, and missing samples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.engine import losses
from playground.engine.native import losses as compiled_losses
from playground.engine.native.builder import Builder, Place
from playground.engine.native.compiler import Module, vector_lanes
from playground.engine.ops import OPS
from playground.engine.program import Array

WIDTHS = (1, 2, 3, 10, 16, 17, 40)
LANES = vector_lanes()


def splat_mask(b: Builder, valid: str) -> str:
    places = "<" + ", ".join(f"i64 {k}" for k in range(b.lanes)) + ">"
    return b.let(f"icmp slt {b.words} {places}, {b.splat_word(valid)}")


@pytest.fixture(scope="module")
def module() -> Module:
    """Every loss and softmax for every width, for one vector of samples whose rows lie `LANES` apart."""
    b = Builder(LANES)
    for width in WIDTHS:
        for name, emit in compiled_losses.LOSSES.items():
            with b.function(f"void @{name}_{width}(ptr %y, ptr %t, ptr %slope, ptr %value, i64 %valid)"):
                mask = splat_mask(b, "%valid")
                value = emit(b, width, LANES, Place("%y"), Place("%t"), Place("%slope"), mask)
                b.store(value, Place("%value"))
                b.emit("ret void")
        with b.function(f"void @softmax_{width}(ptr %z, ptr %a, ptr %u, ptr %g)"):
            compiled_losses.softmax_forward(b, width, LANES, Place("%z"), Place("%a"))

            def arrive(k: int | str, row: str) -> None:
                b.store(row, b.at(Place("%g"), b.times(k, LANES)))

            compiled_losses.softmax_backward(b, width, LANES, Place("%a"), Place("%u"), arrive)
            b.emit("ret void")
    return Module(b.text())


def run(module: Module, name: str, y: Array, t: Array, valid: int | None = None) -> tuple[Array, Array]:
    """Loss of each sample and slopes, for up to `LANES` samples."""
    samples, width = y.shape
    rows = [np.zeros((width, LANES)) for _ in range(2)]
    for row, array in zip(rows, (y, t), strict=True):
        row[:, :samples] = array.T
    slope, value = np.full((width, LANES), np.nan), np.full(LANES, np.nan)
    function = module.function(f"{name}_{width}", "ppppi")
    function(*(a.ctypes.data for a in (*rows, slope, value)), samples if valid is None else valid)
    return value[:samples], slope[:, :samples].T


def some(width: int, size: float) -> tuple[Array, Array]:
    rng = np.random.default_rng(width)
    y = rng.normal(size=(LANES, width)) * size
    t = np.sign(rng.normal(size=(LANES, width)))
    return y, t


@pytest.mark.parametrize("size", [0.1, 3.0, 300.0])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", compiled_losses.LOSSES)
def test_that_losses_agree_with_the_loss_table(module: Module, name: str, width: int, size: float) -> None:
    y, t = some(width, size)
    if name == "binary_cross_entropy":
        t = (t + 1.0) / 2.0
    if name == "softmax_cross_entropy":
        t = np.eye(width)[np.argmax(t, axis=1)]
    value, slope = run(module, name, y, t)
    row = losses.LOSSES[name]
    want, want_slope = row.value(y, t), row.gradient(y, t)
    np.testing.assert_allclose(value, want, rtol=1e-14, atol=2e-15)
    np.testing.assert_allclose(slope, want_slope, rtol=1e-14, atol=2e-15)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", compiled_losses.LOSSES)
def test_that_missing_samples_have_no_slope_and_change_no_other(module: Module, name: str, width: int) -> None:
    y, t = some(width, 1.0)
    value, slope = run(module, name, y, t)
    valid = LANES // 2
    y[valid:] = np.nan
    fewer, fewer_slope = run(module, name, y, t, valid)
    assert (fewer[:valid] == value[:valid]).all()
    assert (fewer_slope[:valid] == slope[:valid]).all()
    assert (fewer_slope[valid:] == 0.0).all()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", compiled_losses.LOSSES)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_that_a_run_away_prediction_shows_in_the_loss(module: Module, name: str, width: int, bad: float) -> None:
    y, t = some(width, 1.0)
    if name == "binary_cross_entropy" or name == "softmax_cross_entropy":
        t = np.ones_like(t) if bad < 0 else np.zeros_like(t)
    if name == "hinge":
        t = np.full_like(t, -np.sign(bad)) if math.isinf(bad) else t
    if name == "softmax_cross_entropy" and math.isinf(bad):
        y[:] = bad
    y[1, width // 2] = bad
    value, _ = run(module, name, y, t)
    assert not np.isfinite(value[1])
    if not (name == "softmax_cross_entropy" and math.isinf(bad)):
        assert np.isfinite(value[0])


def test_that_extreme_logits_give_the_exact_cross_entropy(module: Module) -> None:
    z, t = np.array([[1000.0], [-1000.0]]), np.array([[0.0], [1.0]])
    value, slope = run(module, "binary_cross_entropy", z, t)
    assert value.tolist() == [1000.0, 1000.0]
    assert slope.tolist() == [[1.0], [-1.0]]
    value, slope = run(module, "binary_cross_entropy", np.array([[1000.0], [0.0]]), np.array([[1.0], [1.0]]))
    assert value.tolist() == [0.0, math.log(2.0)]
    assert slope.tolist() == [[0.0], [-0.5]]
    value, slope = run(module, "softmax_cross_entropy", np.array([[1000.0, 0.0, -1000.0]]), np.array([[0.0, 0.0, 1.0]]))
    assert value.tolist() == [2000.0]
    assert slope.tolist() == [[1.0, 0.0, -1.0]]


def test_that_hinge_and_huber_turn_where_they_should(module: Module) -> None:
    value, slope = run(module, "hinge", np.array([[1.0], [0.5]]), np.array([[1.0], [-1.0]]))
    assert value.tolist() == [0.0, 1.5]
    assert slope.tolist() == [[0.0], [1.0]]
    value, slope = run(module, "huber", np.array([[1.0], [-3.0]]), np.array([[0.0], [1.0]]))
    assert value.tolist() == [0.5, 3.5]
    assert slope.tolist() == [[1.0], [-1.0]]


@pytest.mark.parametrize("size", [1.0, 1000.0])
@pytest.mark.parametrize("width", WIDTHS)
def test_that_softmax_and_its_jacobian_agree_with_the_op_table(module: Module, width: int, size: float) -> None:
    rng = np.random.default_rng(width)
    z, upstream = rng.normal(size=(LANES, width)) * size, rng.normal(size=(LANES, width))
    arrays = [
        np.ascontiguousarray(z.T),
        np.empty((width, LANES)),
        np.ascontiguousarray(upstream.T),
        np.empty((width, LANES)),
    ]
    module.function(f"softmax_{width}", "pppp")(*(a.ctypes.data for a in arrays))
    row = OPS["softmax"]
    want = row.forward((z,), ())
    np.testing.assert_allclose(arrays[1].T, want, rtol=1e-14, atol=1e-300)
    (passed,) = row.to_inputs(upstream, (z,), want, ())
    np.testing.assert_allclose(arrays[3].T, passed, rtol=1e-13, atol=3e-16)
