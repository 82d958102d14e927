"""Every operation and loss against numbers worked out elsewhere, and against finite differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.engine.gradcheck import gradient_check, relative_error
from playground.engine.initializers import initial_state
from playground.engine.losses import LOSSES, mean, mean_gradient
from playground.engine.ops import ACTIVATIONS, OPS
from playground.engine.optimizers import Hyper
from playground.engine.program import Instruction, Parameter, Program
from playground.engine.walk import Walk
from playground.randomness import normal, stream


def dense(name: str, source: str, shape: tuple[int, int]) -> tuple[Instruction, tuple[Parameter, Parameter]]:
    own = (Parameter(name, "weight", shape, "glorot_uniform"), Parameter(name, "bias", shape[1:], "zeros"))
    return Instruction("dense", name, (source,), name, tuple(p.name for p in own)), own


def network(activation: str, loss: str, outputs: int = 3) -> Program:
    """2-4-outputs with the activation after both layers where the loss takes no logits, else after the first."""
    first, first_own = dense("h", "in", (2, 4))
    last, last_own = dense("o", "a", (4, outputs))
    instructions = [first, Instruction(activation, "a", ("h",), "a"), last]
    widths = {"in": 2, "h": 4, "a": 4, "o": outputs}
    prediction = "o"
    if not LOSSES[loss].logits:
        instructions.append(Instruction(activation, "b", ("o",), "b"))
        widths["b"] = outputs
        prediction = "b"
    return Program("in", tuple(instructions), widths, first_own + last_own, loss, prediction)


def targets(loss: str, rows: int, outputs: int) -> np.ndarray:
    classes = np.arange(rows) % outputs
    one_hot = np.eye(outputs)[classes]
    return {"half_squared": 2.0 * one_hot - 0.7, "hinge": 2.0 * one_hot - 1.0, "huber": 2.5 * one_hot - 0.7}.get(
        loss, one_hot
    )


def random_values(program: Program, seed: int) -> np.ndarray:
    return 0.8 * normal(stream(seed, "test"), (program.size,))


@pytest.mark.parametrize("rows", [1, 3, 7])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_that_gradients_agree_with_finite_differences(activation: str, loss: str, rows: int) -> None:
    program = network(activation, loss)
    x = normal(stream(rows, "x"), (rows, 2))
    hyper = Hyper(l1=0.01, l2=0.1)
    report = gradient_check(program, random_values(program, 5), x, targets(loss, rows, 3), hyper)
    assert report.max_relative_error < 1e-6
    assert report.checked > 0
    assert report.checked + report.corners == program.size


@pytest.mark.parametrize("join", ["add", "multiply", "concat"])
def test_that_joined_paths_add_their_gradients(join: str) -> None:
    left, left_own = dense("l", "in", (2, 3))
    right, right_own = dense("r", "in", (2, 3))
    width = 6 if join == "concat" else 3
    last, last_own = dense("o", "j", (width, 1))
    program = Program(
        "in",
        (left, right, Instruction("tanh", "t", ("l",), "t"), Instruction(join, "j", ("t", "r"), "j"), last),
        {"in": 2, "l": 3, "r": 3, "t": 3, "j": width, "o": 1},
        left_own + right_own + last_own,
        "binary_cross_entropy",
        "o",
    )
    x = normal(stream(1, "x"), (5, 2))
    report = gradient_check(program, random_values(program, 2), x, np.ones((5, 1)), Hyper())
    assert report.max_relative_error < 1e-6
    assert report.corners == 0


def test_that_a_wrong_derivative_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A06: σ′ written for the net input but fed the activated output, as others had it, must not pass."""
    wrong = OPS["tanh"]
    patched = dict(OPS)
    patched["tanh"] = type(wrong)(
        **{**vars(wrong), "to_inputs": lambda up, inputs, out, params: (up * (1.0 - np.tanh(out) ** 2),)}
    )
    monkeypatch.setattr("playground.engine.walk.OPS", patched)
    program = network("tanh", "half_squared")
    x = normal(stream(3, "x"), (4, 2))
    assert not gradient_check(program, random_values(program, 5), x, targets("half_squared", 4, 3), Hyper()).ok


def test_that_softmax_uses_its_whole_jacobian() -> None:
    """A01: logits [2, 1, 0], class 0."""
    logits, target = np.array([[2.0, 1.0, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    entropy = LOSSES["softmax_cross_entropy"]
    assert mean(entropy, logits, target) == pytest.approx(0.40760596, abs=1e-8)
    np.testing.assert_allclose(
        mean_gradient(entropy, logits, target), [[-0.33475904, 0.24472847, 0.09003057]], atol=1e-8
    )
    softmax = OPS["softmax"]
    p = softmax.forward([logits], [])
    np.testing.assert_allclose(p, [[0.66524096, 0.24472847, 0.09003057]], atol=1e-8)
    (gradient,) = softmax.to_inputs(mean_gradient(LOSSES["half_squared"], p, target), [logits], p, [])
    np.testing.assert_allclose(gradient, [[-0.11978405, 0.09775100, 0.02203304]], atol=1e-8)


@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [
        ("sigmoid", 0.62245933, 0.23500371),
        ("tanh", 0.46211716, 0.78644773),
        ("relu", 0.5, 1.0),
        ("leaky_relu", 0.5, 1.0),
        ("elu", 0.5, 1.0),
        ("softplus", math.log1p(math.exp(0.5)), 0.62245933),
        ("gelu", 0.34573123, 0.86749512),
        ("swish", 0.31122967, 0.73996119),
        ("sin", math.sin(0.5), math.cos(0.5)),
        ("identity", 0.5, 1.0),
    ],
)
def test_that_activations_have_the_textbook_value_and_slope(name: str, value: float, slope: float) -> None:
    """A06, at z = 0.5; GELU and swish worked out by hand from Φ(0.5) = 0.69146246 and σ(0.5) = 0.62245933."""
    op = OPS[name]
    assert op.function is not None
    assert op.slope is not None
    z = np.array([[0.5]])
    a = op.function(z)
    assert a[0, 0] == pytest.approx(value, abs=1e-7)
    assert op.slope(z, a)[0, 0] == pytest.approx(slope, abs=1e-7)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_that_activations_survive_huge_inputs(name: str) -> None:
    op = OPS[name]
    assert op.function is not None
    assert op.slope is not None
    z = np.array([[-1e4, -800.0, 0.0, 800.0, 1e4]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = op.function(z)
        assert np.isfinite(a).all()
        assert np.isfinite(op.slope(z, a)).all()


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
def test_that_the_slope_at_the_corner_is_the_left_one(name: str) -> None:
    op = OPS[name]
    assert op.slope is not None
    assert op.slope(np.zeros((1, 1)), np.zeros((1, 1)))[0, 0] == (0.0 if name == "relu" else 0.01)


@pytest.mark.parametrize(
    ("logit", "target", "loss", "gradient"),
    [(1000, 0, 1000, 1), (-1000, 1, 1000, -1), (1000, 1, 0, 0), (0, 1, 0.6931471805599453, -0.5)],
)
def test_that_binary_cross_entropy_is_stable(logit: float, target: float, loss: float, gradient: float) -> None:
    """A07."""
    z, t = np.array([[float(logit)]]), np.array([[float(target)]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert mean(LOSSES["binary_cross_entropy"], z, t) == pytest.approx(loss, abs=1e-12)
        assert mean_gradient(LOSSES["binary_cross_entropy"], z, t)[0, 0] == pytest.approx(gradient, abs=1e-12)


def test_that_softmax_cross_entropy_is_stable() -> None:
    """A07."""
    z, t = np.array([[1000.0, 0.0, -1000.0]]), np.array([[0.0, 0.0, 1.0]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert mean(LOSSES["softmax_cross_entropy"], z, t) == 2000.0
        np.testing.assert_array_equal(mean_gradient(LOSSES["softmax_cross_entropy"], z, t), [[1.0, 0.0, -1.0]])


def test_that_the_bias_gradient_is_summed_over_samples_only() -> None:
    """A03: three samples, two classes, logits 0."""
    upstream = mean_gradient(LOSSES["softmax_cross_entropy"], np.zeros((3, 2)), np.eye(2)[[0, 0, 1]])
    weight, bias = np.empty((1, 2)), np.empty(2)
    OPS["dense"].to_parameters(upstream, [np.ones((3, 1))], [weight, bias])
    np.testing.assert_allclose(bias, [-1 / 6, 1 / 6], atol=1e-15)


def test_that_shapes_that_differ_are_refused() -> None:
    """A13: a column against a row would silently become a square."""
    with pytest.raises(ValueError, match="shape"):
        mean(LOSSES["half_squared"], np.ones((4, 1)), np.ones(4))
    same = np.array([[1.0], [2.0], [3.0], [4.0]])
    assert mean(LOSSES["half_squared"], same, same) == 0.0


def test_that_a_relu_corner_is_no_error() -> None:
    """A22: z is exactly 0, the central difference is ½, the chosen slope 0."""
    layer = Instruction("dense", "h", ("in",), "h", ("h.weight",))
    program = Program(
        "in",
        (layer, Instruction("relu", "a", ("h",), "a")),
        {"in": 1, "h": 1, "a": 1},
        (Parameter("h", "weight", (1, 1), "zeros"),),
        "half_squared",
        "a",
    )
    report = gradient_check(program, np.zeros(1), np.ones((1, 1)), np.ones((1, 1)), Hyper())
    assert (report.ok, report.checked, report.corners) == (True, 0, 1)


@pytest.mark.parametrize(
    ("activation", "loss", "start", "target", "corners"),
    [
        ("identity", "hinge", 1.0, 1.0, 1),  # t·y is exactly 1
        ("identity", "hinge", -1.0, -1.0, 1),
        ("identity", "hinge", 0.999, 1.0, 0),
        ("identity", "huber", 0.0, 1.0, 1),  # the distance is exactly 1, as with 0/1 targets at the start
        ("identity", "huber", 0.0, 1.5, 0),
        ("elu", "half_squared", 0.0, 1.0, 1),
    ],
)
def test_that_a_corner_or_seam_of_a_loss_is_no_error(
    activation: str, loss: str, start: float, target: float, corners: int
) -> None:
    layer = Instruction("dense", "h", ("in",), "h", ("h.weight",))
    program = Program(
        "in",
        (layer, Instruction(activation, "a", ("h",), "a")),
        {"in": 1, "h": 1, "a": 1},
        (Parameter("h", "weight", (1, 1), "zeros"),),
        loss,
        "a",
    )
    report = gradient_check(program, np.array([start]), np.ones((1, 1)), np.array([[target]]), Hyper())
    assert (report.ok, report.checked, report.corners) == (True, 1 - corners, corners)


def test_that_hinge_and_huber_sum_over_the_outputs_and_are_averaged_over_the_samples() -> None:
    """By hand. Hinge: 0.5 and 1.5, then 0 and 3. Huber: 0.125 and 1.5, then 0.5 (just at δ) and 0."""
    y, t = np.array([[0.5, 0.5], [1.0, -2.0]]), np.array([[1.0, -1.0], [1.0, 1.0]])
    np.testing.assert_array_equal(LOSSES["hinge"].value(y, t), [2.0, 3.0])
    assert mean(LOSSES["hinge"], y, t) == 2.5
    np.testing.assert_array_equal(mean_gradient(LOSSES["hinge"], y, t), [[-0.5, 0.5], [0.0, -0.5]])
    t = np.array([[0.0, 2.5], [0.0, -2.0]])
    np.testing.assert_array_equal(LOSSES["huber"].value(y, t), [1.625, 0.5])
    np.testing.assert_array_equal(mean_gradient(LOSSES["huber"], y, t), [[0.25, -0.5], [0.5, 0.0]])


@pytest.mark.parametrize("z", [-40.0, -100.0, -700.0])
def test_that_the_lower_tails_keep_their_digits(z: float) -> None:
    """There σ(z) = e^z to the last digit, and so are the slopes of sigmoid and softplus; swish is z·e^z."""
    row = np.array([[z]])
    assert OPS["sigmoid"].forward([row], [])[0, 0] == pytest.approx(math.exp(z), rel=1e-15, abs=0.0)
    for name, wanted in (("sigmoid", 1.0), ("softplus", 1.0), ("swish", 1.0 + z)):
        op = OPS[name]
        assert op.slope is not None
        assert op.slope(row, op.forward([row], []))[0, 0] == pytest.approx(wanted * math.exp(z), rel=1e-15, abs=0.0)


def test_that_gelu_keeps_its_digits_far_below_zero() -> None:
    """Φ(−10) = 7.619853024160526e−24 and φ(−10) = 7.694598626706419e−23 (Abramowitz and Stegun's tables go as far)."""
    op = OPS["gelu"]
    z = np.array([[-10.0]])
    assert op.slope is not None
    assert op.forward([z], [])[0, 0] == pytest.approx(-7.619853024160526e-23, rel=1e-14, abs=0.0)
    assert op.slope(z, z)[0, 0] == pytest.approx(7.619853024160526e-24 - 7.694598626706419e-22, rel=1e-14, abs=0.0)


def test_that_the_relative_error_has_the_contract_s_floor() -> None:
    error = relative_error(np.array([1e-5]), np.array([0.0]), loss=50.0)
    assert error[0] == pytest.approx(1e-5 / (1e-3 * 50.0))


def test_that_a_weight_and_its_bias_keep_their_own_shape() -> None:
    """A23: y = w·x + b with the squared loss doubled: ∂L/∂b = −4 and ∂L/∂w = −8, though b itself is 0."""
    first, own = dense("o", "in", (1, 1))
    program = Program("in", (first,), {"in": 1, "o": 1}, own, "half_squared", "o")
    state = initial_state(program, 0, {"o.weight": np.array([[0.5]]), "o.bias": np.zeros(1)})
    walk = Walk(program, state.values)
    walk.backward(walk.forward(np.array([[2.0]])), np.array([[3.0]]))
    assert 2.0 * walk.gradients["o.weight"] == pytest.approx(np.array([[-8.0]]))
    assert 2.0 * walk.gradients["o.bias"] == pytest.approx(np.array([-4.0]))
