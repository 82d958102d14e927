"""What keeps a network from learning is told from one pass, by number: on programs whose every weight is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from playground.engine.health import FLAT, SATURATED_SHARE, Examination, UnitState, examine
from playground.engine.initializers import initial_state
from playground.engine.native.engine import NativeEngine
from playground.engine.optimizers import Hyper, penalty, weight_mask
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.training_engine import Batching, Engine, WalkEngine
from playground.engine.walk import Walk
from playground.randomness import normal, stream

#: The corners of a square and their exclusive or: the cases A09 and A10 are told of these.
XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])
LN2 = 0.6931471805599453


def chain(units: tuple[int, ...], functions: tuple[str, ...], loss: str = "binary_cross_entropy") -> Program:
    """Dense layers d1, d2, … of so many units on `units[0]` features, each with its activation a1, a2, …; "": none."""
    instructions, widths, parameters, source = [], {"in": units[0]}, [], "in"
    for number, (width, function) in enumerate(zip(units[1:], functions, strict=True), start=1):
        dense, activation = f"d{number}", f"a{number}"
        own = (
            Parameter(dense, "weight", (widths[source], width), "glorot_uniform"),
            Parameter(dense, "bias", (width,), "zeros"),
        )
        instructions.append(Instruction("dense", dense, (source,), dense, (own[0].name, own[1].name)))
        parameters += own
        widths[dense], source = width, dense
        if function:
            instructions.append(Instruction(function, activation, (source,), activation))
            widths[activation], source = width, activation
    return Program("in", tuple(instructions), widths, tuple(parameters), loss, source)


def values(program: Program, **numbers: object) -> Array:
    """A flat vector of 0, but for the parameters that are given: `d1_weight` for "d1.weight"."""
    vector = np.zeros(program.size)
    for name, view in program.views(vector).items():
        view[...] = np.asarray(numbers.get(name.replace(".", "_"), 0.0))
    return vector


def kinds(found: Examination) -> list[tuple[str, str]]:
    return [(state.node, state.kind) for state in found.states]


# --- dead and saturated units ----------------------------------------------------------------------------------------


def test_that_a_relu_that_never_fires_is_dead_and_gets_no_gradient() -> None:
    """A10: 2-1-1 on XOR, w = (−1, −1), b = −10."""
    program = chain((2, 1, 1), ("relu", ""))
    start = values(program, d1_weight=-1.0, d1_bias=-10.0, d2_weight=0.7)
    found = examine(program, start, XOR_X, XOR_Y)
    assert found.states == (UnitState("a1", "dead", (0,), 1.0),)
    gradient = program.views(found.gradient)
    assert not gradient["d1.weight"].any()
    assert not gradient["d1.bias"].any()
    state = State(start.copy(), 0)
    WalkEngine(program, XOR_X, XOR_Y).train(state, Hyper("sgd", 0.5), Batching(4), 200)
    walk = Walk(program, state.values)
    assert walk.mean_loss(walk.forward(XOR_X), XOR_Y) == pytest.approx(LN2, abs=1e-12)
    assert examine(program, state.values, XOR_X, XOR_Y).states == found.states


def test_that_only_the_units_that_are_dead_on_every_row_are_named() -> None:
    """Of four units the first and the last never fire, the second on one row of four, the third on all."""
    program = chain((2, 4, 1), ("relu", ""))
    start = values(
        program, d1_weight=[[-1.0, 1.0, 1.0, 0.0], [-1.0, 1.0, 2.0, 0.0]], d1_bias=[-0.1, -1.5, 0.1, 0.0],
        d2_weight=[[0.3], [0.5], [-0.4], [0.2]],
    )  # fmt: skip
    assert examine(program, start, XOR_X, XOR_Y).states == (UnitState("a1", "dead", (0, 3), 1.0),)


@pytest.mark.parametrize("function", ["leaky_relu", "elu", "identity", "softplus"])
def test_that_a_function_that_lets_a_gradient_through_everywhere_has_no_dead_units(function: str) -> None:
    program = chain((2, 1, 1), (function, ""))
    start = values(program, d1_weight=-1.0, d1_bias=-3.0, d2_weight=0.7)
    assert examine(program, start, XOR_X, XOR_Y).states == ()


def test_that_a_dead_output_is_told_as_well() -> None:
    program = chain((2, 1), ("relu",), "half_squared")
    start = values(program, d1_weight=-1.0, d1_bias=-1.0)
    assert kinds(examine(program, start, XOR_X, XOR_Y)) == [("a1", "dead")]


@pytest.mark.parametrize(("function", "edge"), [("tanh", np.arctanh(np.sqrt(1.0 - FLAT))), ("sigmoid", 4.4)])
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("lively", [2, 3])
def test_that_a_unit_flat_on_nearly_all_rows_is_saturated_on_either_end(
    function: str, edge: float, sign: float, lively: int
) -> None:
    """Two units over 100 rows: the first is flat on all but a few of them, the second on none."""
    program = chain((1, 2, 1), (function, ""), "half_squared")
    start = values(program, d1_weight=[[sign, 0.01]], d2_weight=[[1.0], [1.0]])
    x = np.full((100, 1), 1.05 * edge)
    x[:lively] = 0.95 * edge
    found = examine(program, start, x, np.zeros((100, 1)))
    share = 1.0 - lively / 100
    expected = (UnitState("a1", "saturated", (0,), pytest.approx(share)),) if share >= SATURATED_SHARE else ()
    assert found.states == expected


def test_that_an_output_at_the_ends_of_its_curve_has_only_learned() -> None:
    program = chain((1, 1), ("sigmoid",), "half_squared")
    x = np.array([[-1.0], [1.0]])
    assert examine(program, values(program, d1_weight=40.0), x, (x + 1.0) / 2.0).states == ()


# --- gradients -------------------------------------------------------------------------------------------------------


def line(first: float, second: float, *, upstream: float = 1.0) -> Examination:
    """y = second·(first·x) at x = 1, with the target that gives ∂L/∂y = `upstream`: the gradients are known."""
    program = chain((1, 1, 1), ("", ""), "half_squared")
    start = values(program, d1_weight=first, d2_weight=second)
    return examine(program, start, np.array([[1.0]]), np.array([[first * second - upstream]]))


def test_that_a_layer_with_a_ten_thousandth_of_the_largest_gradient_has_lost_it() -> None:
    """∂L/∂w₁ = w₂ and ∂L/∂w₂ = w₁ = 1."""
    assert line(1.0, 1e-4).states == (UnitState("d1", "vanishing", (0,), pytest.approx(1e-4)),)
    assert line(1.0, 1e-2).states == ()


def test_that_nothing_vanishes_where_all_is_learned() -> None:
    assert line(1.0, 1e-4, upstream=1e-9).states == ()


def test_that_a_gradient_of_thousands_explodes_and_the_usual_one_behind_it_is_not_blamed() -> None:
    assert line(1.0, 1e5).states == (UnitState("d1", "exploding", (0,), pytest.approx(1e5)),)
    assert line(1.0, 100.0).states == ()


@pytest.mark.parametrize(("weight", "expected"), [(1e200, 1e200), (np.inf, np.finfo(float).max)])
def test_that_a_gradient_beyond_all_numbers_is_told_without_a_warning(weight: float, expected: float) -> None:
    program = chain((1, 1, 1), ("", ""), "huber")
    found = examine(program, values(program, d1_weight=1.0, d2_weight=weight), np.array([[1.0]]), np.array([[0.0]]))
    assert found.states == (UnitState("d1", "exploding", (0,), pytest.approx(expected)),)


def deep(function: str, layers: int = 10, seed: int = 0) -> Examination:
    program = chain((2, *[6] * layers, 1), (*[function] * layers, ""))
    return examine(program, initial_state(program, seed).values, XOR_X * 2.0 - 1.0, XOR_Y)


@pytest.mark.parametrize("seed", range(5))
def test_that_ten_layers_of_sigmoid_lose_the_gradient_and_ten_of_tanh_or_relu_do_not(seed: int) -> None:
    lost = [node for node, kind in kinds(deep("sigmoid", seed=seed)) if kind == "vanishing"]
    assert lost == [f"d{number}" for number in range(1, len(lost) + 1)], "from the input on, without a gap"
    assert 5 <= len(lost) < 11
    for function in ("tanh", "relu"):
        assert not [kind for _, kind in kinds(deep(function, seed=seed)) if kind in ("vanishing", "exploding")]


def test_that_ten_layers_of_large_weights_explode_towards_the_input() -> None:
    program = chain((2, *[6] * 10, 1), (*[""] * 10, ""), "half_squared")
    start = 4.0 * initial_state(program, 1).values
    states = examine(program, start, XOR_X, XOR_Y).states
    assert states
    assert {state.kind for state in states} == {"exploding"}


# --- units alike -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [WalkEngine, NativeEngine], ids=lambda kind: kind.name)
@pytest.mark.parametrize("start", [0.0, 0.5])
@pytest.mark.parametrize("units", [2, 7])
def test_that_equal_units_are_told_before_training_and_still_after_it(
    kind: Callable[..., Engine], start: float, units: int
) -> None:
    """A09: 2-2-1 tanh from zeros, where nothing ever moves, and from weights of 0.5, where both columns stay equal."""
    program = chain((2, units, 1), ("tanh", ""))
    state = State(start * weight_mask(program), 0)
    said = (UnitState("d1", "alike", tuple(range(units)), 1.0),)
    assert examine(program, state.values, XOR_X, XOR_Y).states == said
    kind(program, XOR_X, XOR_Y).train(state, Hyper("sgd", 0.5), Batching(4), 1000)
    assert examine(program, state.values, XOR_X, XOR_Y).states == said
    weight = program.views(state.values)["d1.weight"]
    # A wide product may sum its columns in different orders: then they differ in their last digits.
    np.testing.assert_allclose(weight, np.repeat(weight[:, :1], units, axis=1), rtol=0.0 if units == 2 else 1e-12)
    walk = Walk(program, state.values)
    if start == 0.0:
        assert not state.values.any()
        assert walk.mean_loss(walk.forward(XOR_X), XOR_Y) == pytest.approx(LN2, abs=1e-12)
    elif units == 2:
        np.testing.assert_allclose(weight, 3.50046139, atol=5e-9)


@pytest.mark.parametrize("different", ["d1_weight", "d1_bias", "d2_weight"])
def test_that_one_number_is_enough_to_tell_units_apart(different: str) -> None:
    program = chain((2, 3, 1), ("tanh", ""))
    numbers: Mapping[str, Array] = {
        "d1_weight": np.full((2, 3), 0.5), "d1_bias": np.full(3, 0.1), "d2_weight": np.full((3, 1), 0.5),
    }  # fmt: skip
    assert kinds(examine(program, values(program, **numbers), XOR_X, XOR_Y)) == [("d1", "alike")]
    numbers[different].flat[-1] += 1e-9
    assert kinds(examine(program, values(program, **numbers), XOR_X, XOR_Y)) == [("d1", "alike")]
    numbers[different].flat[-1] += 1e-3
    assert examine(program, values(program, **numbers), XOR_X, XOR_Y).states == ()


def test_that_units_stay_alike_where_their_gradient_is_nothing_but_rounding() -> None:
    """Targets that leave errors orthogonal to the features and to 1: the exact gradient of the first layer is 0."""
    program = chain((2, 7, 1), ("", ""), "half_squared")
    x, u = normal(stream(1, "x"), (50, 2)), normal(stream(1, "u"), (50, 1))
    basis = np.linalg.qr(np.hstack([x, np.ones((50, 1))]))[0]
    u -= basis @ (basis.T @ u)
    nearly = 0.5 * (1.0 + 1e-9 * np.arange(7.0))
    at = values(program, d1_weight=np.stack([nearly, nearly]), d2_weight=nearly[:, None])
    y = Walk(program, at).forward(x)["d2"] - u
    found = examine(program, at, x, y)
    gradient = program.views(found.gradient)["d1.weight"]
    assert 0.0 < np.abs(gradient - gradient[:, :1]).max() < 1e-15
    assert kinds(found) == [("d1", "alike")]


def test_that_neither_one_unit_nor_equal_outputs_nor_a_random_start_are_alike() -> None:
    lone, outputs = chain((2, 1, 1), ("tanh", "")), chain((2, 3), ("",), "half_squared")
    assert examine(lone, values(lone, d1_weight=0.5, d2_weight=0.5), XOR_X, XOR_Y).states == ()
    assert examine(outputs, np.full(outputs.size, 0.5), XOR_X, np.tile(XOR_Y, 3)).states == ()
    random = chain((2, 4, 1), ("tanh", ""))
    assert examine(random, initial_state(random, 0).values, XOR_X, XOR_Y).states == ()


def test_that_weights_that_are_no_numbers_are_not_called_alike() -> None:
    program = chain((2, 3, 1), ("tanh", ""))
    assert "alike" not in [kind for _, kind in kinds(examine(program, np.full(program.size, np.nan), XOR_X, XOR_Y))]


# --- the gradient ----------------------------------------------------------------------------------------------------


def test_that_the_gradient_is_that_of_the_mean_loss_with_the_penalty() -> None:
    program, hyper = chain((2, 3, 1), ("tanh", "")), Hyper("adam", 0.1, l1=0.03, l2=0.2)
    at, mask = initial_state(program, 4).values, weight_mask(program)

    def objective(numbers: Array) -> float:
        walk = Walk(program, numbers)
        return walk.mean_loss(walk.forward(XOR_X), XOR_Y) + penalty(numbers, mask, hyper)

    step = 1e-6 * np.eye(program.size)
    # Biases start at 0, where |w| has its corner; but no penalty acts on them.
    differences = [(objective(at + one) - objective(at - one)) / 2e-6 for one in step]
    np.testing.assert_allclose(examine(program, at, XOR_X, XOR_Y, hyper).gradient, differences, atol=1e-8)
    plain = Walk(program, at)
    plain.backward(plain.forward(XOR_X), XOR_Y)
    np.testing.assert_array_equal(examine(program, at, XOR_X, XOR_Y).gradient, plain.gradient)
    np.testing.assert_array_equal(examine(program, at, XOR_X, XOR_Y, Hyper("sgd", 0.1)).gradient, plain.gradient)


def test_that_frozen_weights_have_their_gradient_and_dropout_drops_nothing() -> None:
    program = chain((2, 3, 1), ("tanh", ""))
    held = replace(program, parameters=tuple(replace(one, frozen=True, mask=(0,)) for one in program.parameters))
    dropped = replace(
        program,
        instructions=(
            *program.instructions[:2],
            Instruction("dropout", "drop", ("a1",), "drop", rate=0.9),
            replace(program.instructions[2], inputs=("drop",)),
        ),
        widths={**program.widths, "drop": 3},
    )
    at = initial_state(program, 4).values
    wanted = examine(program, at, XOR_X, XOR_Y).gradient
    assert wanted.any()
    for other in (held, dropped):
        np.testing.assert_array_equal(examine(other, at, XOR_X, XOR_Y).gradient, wanted)


def test_that_a_look_changes_nothing_and_keeps_its_own_copy() -> None:
    program = chain((2, 3, 1), ("relu", ""))
    at = initial_state(program, 4).values
    before, x, y = at.copy(), XOR_X.copy(), XOR_Y.copy()
    found = examine(program, at, x, y, Hyper("sgd", 0.1, l2=0.1))
    kept = found.gradient.copy()
    for mine, was in ((at, before), (x, XOR_X), (y, XOR_Y)):
        np.testing.assert_array_equal(mine, was)
    at += 1.0
    examine(program, at, x, y)
    np.testing.assert_array_equal(found.gradient, kept)
