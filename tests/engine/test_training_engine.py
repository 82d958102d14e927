"""Updates, optimizers, order and divergence, by hand arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from playground.engine.initializers import INITIALIZERS, initial, initial_state
from playground.engine.native.engine import NativeEngine
from playground.engine.optimizers import Hyper, penalty, weight_mask
from playground.engine.program import Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.training_engine import Batching, Engine, WalkEngine, apply_gradient
from playground.randomness import normal, permutation, stream, words

Kind = Callable[..., Engine]


@pytest.fixture(params=[WalkEngine, NativeEngine], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Both engines in turn."""
    engine: Kind = request.param
    return engine


def line(inputs: int = 1) -> Program:
    """y = w·x with half the squared error."""
    return Program(
        "in",
        (Instruction("dense", "y", ("in",), "y", ("y.weight",)),),
        {"in": inputs, "y": 1},
        (Parameter("y", "weight", (inputs, 1), "glorot_uniform"),),
        "half_squared",
        "y",
    )


def chain(*weights: float) -> tuple[Program, State]:
    """A chain of single linear units with the given weights."""
    names = [f"d{i}" for i in range(len(weights))]
    sources = ["in", *names]
    instructions = [
        Instruction("dense", name, (source,), name, (f"{name}.weight",))
        for name, source in zip(names, sources[:-1], strict=True)
    ]
    parameters = tuple(Parameter(name, "weight", (1, 1), "zeros") for name in names)
    program = Program("in", tuple(instructions), dict.fromkeys(sources, 1), parameters, "half_squared", names[-1])
    return program, State(np.array(weights, dtype=np.float64), seed=0)


def xor_net() -> tuple[Program, np.ndarray, np.ndarray]:
    parameters = (
        Parameter("h", "weight", (2, 4), "glorot_uniform"),
        Parameter("h", "bias", (4,), "zeros"),
        Parameter("o", "weight", (4, 1), "glorot_uniform"),
        Parameter("o", "bias", (1,), "zeros"),
    )
    program = Program(
        "in",
        (
            Instruction("dense", "h", ("in",), "h", ("h.weight", "h.bias")),
            Instruction("tanh", "a", ("h",), "a"),
            Instruction("dense", "o", ("a",), "o", ("o.weight", "o.bias")),
        ),
        {"in": 2, "h": 4, "a": 4, "o": 1},
        parameters,
        "binary_cross_entropy",
        "o",
    )
    x = normal(stream(0, "x"), (57, 2))
    return program, x, (x[:, :1] * x[:, 1:] < 0).astype(np.float64)


def test_that_the_whole_gradient_is_taken_before_any_weight_moves(kind: Kind) -> None:
    """A05: with w1 already changed the second weight would land elsewhere."""
    program, state = chain(1.0, 1.0)
    kind(program, np.ones((1, 1)), np.zeros((1, 1))).train(state, Hyper(learning_rate=0.5), Batching(1), 1)
    np.testing.assert_array_equal(state.values, [0.5, 0.5])


@pytest.mark.parametrize(
    ("hyper", "rates", "expected"),
    [
        (Hyper(), [0.1, 0.5], [0.9, 0.45]),
        (Hyper(momentum=0.9), [0.1, 0.1, 0.1], [0.9, 0.72, 0.486]),
        (Hyper(momentum=0.9), [0.1, 0.5], [0.9, 0.0]),
        # Adam's first step has the size of the rate, whatever the gradient's size: 0.1·1/(1 + 1e−8).
        (Hyper("adam"), [0.1], [1.0 - 0.1 / (1.0 + 1e-8)]),
        # Nesterov's: v = 1, then w − 0.1·(1 + 0.9); v = 0.9 + 0.81 = 1.71, then 0.81 − 0.1·(0.81 + 0.9·1.71).
        (Hyper(momentum=0.9, nesterov=True), [0.1, 0.1], [0.81, 0.5751]),
        # Without momentum there is nothing to look ahead with.
        (Hyper(nesterov=True), [0.1, 0.5], [0.9, 0.45]),
        # AdaGrad's and RMSProp's first steps have the size of the rate, and of the rate / √(1 − 0.99).
        (Hyper("adagrad"), [0.1, 0.1], [0.9, 0.9 - 0.09 / math.sqrt(1.81)]),
        (Hyper("rmsprop"), [0.01], [1.0 - 0.01 / (math.sqrt(0.01) + 1e-8)]),
    ],
)
def test_that_optimizers_step_as_pytorch_s_do(hyper: Hyper, rates: list[float], expected: list[float]) -> None:
    """A16: L = ½w², so the gradient is w."""
    state = State(np.array([1.0]), seed=0)
    for rate, value in zip(rates, expected, strict=True):
        apply_gradient(state, state.values.copy(), replace(hyper, learning_rate=rate))
        assert state.values[0] == pytest.approx(value, abs=2e-11 if hyper.optimizer == "adagrad" else 1e-15)


def test_that_adam_agrees_with_pytorch_over_ten_steps() -> None:
    """Weights of torch.optim.Adam(lr=0.1) on L = ½w² from w = 1 after 1, 2, 3 and 10 steps (torch 2.13, float64)."""
    state = State(np.array([1.0]), seed=0)
    seen = []
    for _ in range(10):
        apply_gradient(state, state.values.copy(), Hyper("adam", 0.1))
        seen.append(float(state.values[0]))
    expected = [0.900000001, 0.8004122297123382, 0.701586274504415, 0.07624916061975533]
    np.testing.assert_allclose([seen[0], seen[1], seen[2], seen[9]], expected, atol=1e-14)


def test_that_doubling_the_data_changes_nothing(kind: Kind) -> None:
    """A02: the mean is taken once, so D and D twice over give the same step."""
    program, x, y = xor_net()
    once, twice = initial_state(program, 3), initial_state(program, 3)
    hyper = Hyper(learning_rate=0.5, l2=0.1)
    kind(program, x, y).train(once, hyper, Batching(57, shuffle=False), 1)
    double = np.concatenate([x, x]), np.concatenate([y, y])
    kind(program, *double).train(twice, hyper, Batching(114, shuffle=False), 1)
    np.testing.assert_allclose(once.values, twice.values, atol=1e-12)


def test_that_the_penalty_is_on_weights_only_and_apart_from_the_data() -> None:
    """A02: one weight 2 and λ = 0.1 cost 0.2; a bias costs nothing."""
    program, _, _ = xor_net()
    arrays = {p.name: np.full(p.shape, 0.0) for p in program.parameters}
    arrays["o.weight"][0, 0] = 2.0
    arrays["h.bias"][:] = 100.0
    values, mask = program.flat(arrays), weight_mask(program)
    assert penalty(values, mask, Hyper(l2=0.1)) == pytest.approx(0.2)
    assert penalty(values, mask, Hyper(l1=0.1)) == pytest.approx(0.2)
    assert penalty(np.full(program.size, 1e308), mask, Hyper()) == 0.0


def test_that_the_short_last_batch_is_trained_and_weighted_by_its_own_rows(kind: Kind) -> None:
    """Three rows in batches of two: by hand, w = 1, η = 0.1, t = 0, x = 1, 2, 3."""
    program = line()
    state = State(np.array([1.0]), seed=0)
    engine = kind(program, np.array([[1.0], [2.0], [3.0]]), np.zeros((3, 1)))
    chunk = engine.train(state, Hyper(learning_rate=0.1), Batching(2, shuffle=False), 2)
    after_first = 1.0 - 0.1 * (1.0 + 4.0) / 2.0
    assert state.values[0] == pytest.approx(after_first - 0.1 * 9.0 * after_first, abs=1e-15)
    assert (chunk.batches, chunk.samples, state.epoch, state.batch, state.updates) == (2, 3, 1, 0, 2)


def test_that_a_batch_that_is_not_there_begins_the_epoch_again(kind: Kind) -> None:
    """A state saved in mid-epoch, and then larger batches or fewer rows: training must go on all the same."""
    state = State(np.array([1.0]), seed=0, epoch=4, batch=30)
    engine = kind(line(), np.array([[1.0], [2.0], [3.0]]), np.zeros((3, 1)))
    chunk = engine.train(state, Hyper(learning_rate=0.01), Batching(2), 2)
    assert (chunk.batches, chunk.samples, state.epoch, state.batch) == (2, 3, 5, 0)


@pytest.mark.parametrize("batches", [1, 10, 100])
def test_that_a_run_away_loss_is_noticed_in_its_update_and_the_last_finite_weights_come_back(
    kind: Kind, batches: int
) -> None:
    """A11: y = w·x, x = 10, t = 0, η = 1: the factor is −99 a step and the loss first infinite at update 77."""
    program, state = chain(1.0)
    engine = kind(program, np.array([[10.0]]), np.zeros((1, 1)))
    failed = None
    while failed is None:
        failed = engine.train(state, Hyper(learning_rate=1.0), Batching(1), batches).diverged_at
    assert failed == 77
    assert state.updates == 76
    assert state.values[0] == pytest.approx((-99.0) ** 76, rel=1e-12)


@pytest.mark.parametrize(
    "hyper",
    [
        Hyper(),
        Hyper(momentum=0.9),
        Hyper(momentum=0.9, nesterov=True),
        Hyper("adam", 0.01),
        Hyper("rmsprop", 0.01),
        Hyper("adagrad", 0.1),
        Hyper(l1=0.001, l2=0.01),
    ],
)
def test_that_a_run_is_the_same_to_the_bit_however_it_is_cut(kind: Kind, hyper: Hyper) -> None:
    program, x, y = xor_net()
    whole, pieces = initial_state(program, 7), initial_state(program, 7)
    engine = kind(program, x, y)
    engine.train(whole, hyper, Batching(10), 60)
    cut = 1
    while pieces.epoch < 10:
        # A copy trained by another engine: what a pause, a save and a reload come to.
        pieces = pieces.copy()
        kind(program, x, y).train(pieces, hyper, Batching(10), min(cut, 60 - pieces.updates))
        cut = cut % 9 + 1
    np.testing.assert_array_equal(whole.values, pieces.values)
    assert whole.updates == pieces.updates == 60


def test_that_another_optimizer_starts_with_empty_slots_and_keeps_the_weights() -> None:
    state = State(np.array([1.0]), seed=0)
    apply_gradient(state, state.values.copy(), Hyper(momentum=0.9))
    before = state.values.copy()
    apply_gradient(state, np.zeros(1), Hyper("adam", 0.1))
    assert set(state.slots) == {"mean", "square"}
    assert (state.steps, state.updates) == (1, 2)
    np.testing.assert_array_equal(state.values, before)


def test_that_rmsprop_and_adagrad_share_no_slot() -> None:
    """A running mean of squares is no sum of them: changing over begins anew."""
    state = State(np.array([1.0]), seed=0)
    apply_gradient(state, state.values.copy(), Hyper("rmsprop", 0.01))
    apply_gradient(state, np.zeros(1), Hyper("adagrad", 0.01))
    assert {name: slot.tolist() for name, slot in state.slots.items()} == {"square_sum": [0.0]}


def test_that_nesterov_goes_on_with_the_velocity_that_momentum_had(kind: Kind) -> None:
    program, state = chain(1.0)
    engine = kind(program, np.ones((1, 1)), np.zeros((1, 1)))
    engine.train(state, Hyper(learning_rate=0.1, momentum=0.9), Batching(1), 1)
    engine.train(state, Hyper(learning_rate=0.1, momentum=0.9, nesterov=True), Batching(1), 1)
    # w = 0.9 and v = 1, then v = 0.9 + 0.9 and the step is 0.1·(0.9 + 0.9·1.8).
    assert state.slots["velocity"][0] == pytest.approx(1.8, abs=1e-15)
    assert state.values[0] == pytest.approx(0.648, abs=1e-15)
    assert state.steps == 2


def test_that_a_frozen_layer_keeps_its_numbers_to_the_bit_and_the_others_train(kind: Kind) -> None:
    program, x, y = xor_net()
    frozen = replace(
        program, parameters=tuple(replace(p, frozen=True) if p.node == "h" else p for p in program.parameters)
    )
    state = initial_state(frozen, 7)
    before = {name: view.copy() for name, view in frozen.views(state.values).items()}
    kind(frozen, x, y).train(state, Hyper(momentum=0.9, l1=0.1, l2=0.1), Batching(10), 6)
    after = frozen.views(state.values)
    for name in ("h.weight", "h.bias"):
        np.testing.assert_array_equal(after[name], before[name])
    assert (after["o.weight"] != before["o.weight"]).all()


def test_that_a_symmetric_start_stays_symmetric(kind: Kind) -> None:
    """A09: all weights zero on XOR's corners: nothing ever moves, the loss stays ln 2."""
    program, _, _ = xor_net()
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    right = np.array([[0.0], [1.0], [1.0], [0.0]])
    state = State(np.zeros(program.size), seed=0)
    engine = kind(program, corners, right)
    while state.epoch < 1000:
        engine.train(state, Hyper(learning_rate=0.5), Batching(4), 1)
    np.testing.assert_array_equal(state.values, np.zeros(program.size))
    assert engine.mean_loss(engine.outputs(state.values, corners), right) == pytest.approx(0.6931471806, abs=1e-10)


def test_that_the_shuffle_is_a_fair_permutation_of_seed_and_epoch() -> None:
    order = permutation(stream(1, "shuffle", 0), 1000)
    assert sorted(order.tolist()) == list(range(1000))
    assert (order != permutation(stream(1, "shuffle", 1), 1000)).any()
    assert (order != permutation(stream(2, "shuffle", 0), 1000)).any()
    np.testing.assert_array_equal(order, permutation(stream(1, "shuffle", 0), 1000))
    places = np.mean([permutation(stream(seed, "shuffle", 0), 20) for seed in range(4000)], axis=0)
    assert np.abs(places - 9.5).max() < 5 * np.sqrt(33.25 / 4000)


def test_that_the_hash_is_splitmix64() -> None:
    """The first three outputs of the reference splitmix64.c with the state 0: a counter that starts at one φ."""
    golden = 0x9E3779B97F4A7C15
    assert [int(word) for word in words(golden, 3)] == [
        0xE220A8397B1DCDAF,
        0x6E789E6AA1B965F4,
        0x06C45D188009454F,
    ]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_that_initial_weights_have_their_source_s_spread(name: str) -> None:
    weights = initial(Parameter("h", "weight", (300, 200), name), seed=4)
    spread, uniformly = INITIALIZERS[name]
    expected = {"glorot": (2 / 500) ** 0.5, "he": (2 / 300) ** 0.5, "normal": 0.1, "zeros": 0.0}[name.split("_")[0]]
    assert spread(300, 200) == pytest.approx(expected)
    assert weights.std() == pytest.approx(expected, rel=0.02)
    assert abs(weights.mean()) <= 5 * expected / np.sqrt(60_000)
    if uniformly:
        assert np.abs(weights).max() <= np.sqrt(3) * expected


def test_that_a_new_layer_leaves_the_others_start_as_it_was() -> None:
    program, _, _ = xor_net()
    longer = Program(
        program.input,
        program.instructions,
        program.widths,
        (Parameter("new", "weight", (4, 4), "he_normal"), *program.parameters),
        program.loss,
        program.prediction,
    )
    start, longer_start = initial_state(program, 9), initial_state(longer, 9)
    np.testing.assert_array_equal(
        program.views(start.values)["h.weight"], longer.views(longer_start.values)["h.weight"]
    )
