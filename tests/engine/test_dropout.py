"""Dropout: which values are left out, in both engines the same ones, and only while something is trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from playground.engine.dropout import masks
from playground.engine.gradcheck import gradient_check
from playground.engine.initializers import initial_state
from playground.engine.native import engine as native
from playground.engine.native.engine import NativeEngine
from playground.engine.optimizers import Hyper
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.trace import trace
from playground.engine.training_engine import Batching, Engine, WalkEngine
from playground.engine.walk import Walk
from playground.randomness import dropout_mask, dropout_threshold, mix, normal, stream

Kind = Callable[..., Engine]


@pytest.fixture(params=[WalkEngine, NativeEngine], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Both engines in turn."""
    engine: Kind = request.param
    return engine


def network(rates: tuple[float, ...] = (0.2, 0.5, 0.5), width: int = 7, outputs: int = 3) -> Program:
    """Features, dropped; two layers of one width with tanh, each dropped; the last layer."""
    instructions = [Instruction("dropout", "d0", ("in",), "d0", rate=rates[0])]
    widths, parameters, source = {"in": 4, "d0": 4}, [], "d0"
    for number, units in enumerate((width, width, outputs), start=1):
        own = (
            Parameter(f"h{number}", "weight", (widths[source], units), "glorot_uniform"),
            Parameter(f"h{number}", "bias", (units,), "normal"),
        )
        parameters += own
        h, a, d = f"h{number}", f"a{number}", f"d{number}"
        instructions.append(Instruction("dense", h, (source,), h, tuple(p.name for p in own)))
        widths |= {h: units}
        if number < 3:
            instructions += [Instruction("tanh", a, (h,), a), Instruction("dropout", d, (a,), d, rate=rates[number])]
            widths |= {a: units, d: units}
            source = d
    return Program("in", tuple(instructions), widths, tuple(parameters), "softmax_cross_entropy", "h3")


def rows(count: int = 33, outputs: int = 3) -> tuple[Array, Array]:
    return normal(stream(1, "x"), (count, 4)), np.eye(outputs)[np.arange(count) % outputs]


def test_that_a_mask_is_the_hash_of_its_counter_worked_out_by_hand() -> None:
    key, rate = stream(3, "dropout d1", 17), 0.3
    found = dropout_mask(key, (5, 4), rate)
    for sample in range(5):
        for unit in range(4):
            number = (mix(key + (sample * 4 + unit) * 0x9E3779B97F4A7C15) >> 11) / 2.0**53
            assert found[sample, unit] == (0.0 if number < rate else 1.0 / 0.7)


def test_that_the_threshold_is_exact() -> None:
    assert dropout_threshold(0.0) == 0
    assert dropout_threshold(0.5) == 2**52
    assert dropout_threshold(np.nextafter(1.0, 0.0)) == 2**53 - 1


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9])
def test_that_so_many_values_are_dropped_and_the_mean_is_kept(rate: float) -> None:
    mask = dropout_mask(stream(0, "dropout d"), (400, 250), rate)
    spread = np.sqrt(rate * (1.0 - rate) / mask.size)
    assert abs((mask == 0.0).mean() - rate) <= 5 * spread
    assert abs(mask.mean() - 1.0) <= 5 * spread / (1.0 - rate)


def test_that_seed_node_and_update_each_choose_another_mask() -> None:
    program = network(rates=(0.5, 0.5, 0.5))
    first = masks(program, 0, 0, 50)
    assert {name: mask.shape for name, mask in first.items()} == {"d0": (50, 4), "d1": (50, 7), "d2": (50, 7)}
    assert (first["d1"] != first["d2"]).any()
    assert (first["d1"] != masks(program, 1, 0, 50)["d1"]).any()
    assert (first["d1"] != masks(program, 0, 1, 50)["d1"]).any()
    np.testing.assert_array_equal(first["d1"], masks(program, 0, 0, 50)["d1"])
    # A short batch has the first rows of a whole one's.
    np.testing.assert_array_equal(first["d1"][:20], masks(program, 0, 0, 20)["d1"])


def test_that_one_update_is_that_of_the_masked_network_by_hand(kind: Kind) -> None:
    """y = w·(x·m): each sample whose x is dropped adds nothing to the gradient, the others m times as much."""
    program = Program(
        "in",
        (
            Instruction("dropout", "d", ("in",), "d", rate=0.5),
            Instruction("dense", "y", ("d",), "y", ("y.weight",)),
        ),
        {"in": 1, "d": 1, "y": 1},
        (Parameter("y", "weight", (1, 1), "zeros"),),
        "half_squared",
        "y",
    )
    x, y = np.arange(1.0, 9.0)[:, None], np.ones((8, 1))
    state = State(np.array([0.25]), seed=5, updates=12)
    kind(program, x, y).train(state, Hyper(learning_rate=0.1), Batching(8, shuffle=False), 1)
    m = dropout_mask(stream(5, "dropout d", 12), (8, 1), 0.5)
    assert set(m.ravel()) == {0.0, 2.0}
    gradient = ((0.25 * x * m - y) * x * m).mean()
    assert state.values[0] == pytest.approx(0.25 - 0.1 * gradient, abs=1e-14)


@pytest.mark.parametrize("batch", [1, 5, 8, 33])
@pytest.mark.parametrize("rates", [(0.2, 0.5, 0.5), (0.0, 0.3, 0.9)])
def test_that_compiled_code_drops_the_very_values_that_the_walk_drops(rates: tuple[float, ...], batch: int) -> None:
    program, (x, y) = network(rates), rows()
    walked, compiled = initial_state(program, 4), initial_state(program, 4)
    hyper, batching = Hyper(learning_rate=0.1, momentum=0.5, l2=0.01), Batching(batch)
    WalkEngine(program, x, y).train(walked, hyper, batching, 20)
    NativeEngine(program, x, y).train(compiled, hyper, batching, 20)
    np.testing.assert_allclose(compiled.values, walked.values, rtol=0.0, atol=1e-12)
    plain = replace(program, instructions=tuple(replace(one, rate=0.0) for one in program.instructions))
    undropped = initial_state(program, 4)
    WalkEngine(plain, x, y).train(undropped, hyper, batching, 20)
    assert np.abs(undropped.values - walked.values).max() > 1e-3


@pytest.mark.parametrize("lanes", [2, 4, 8])
@pytest.mark.parametrize("width", [1, 2, 9])
def test_that_every_vector_length_draws_alike(monkeypatch: pytest.MonkeyPatch, lanes: int, width: int) -> None:
    program, (x, y) = network(width=width), rows()
    monkeypatch.setattr(native, "vector_lanes", lambda: lanes)
    monkeypatch.setattr(native, "_compiled", type(native._compiled)())
    walked, compiled = initial_state(program, 2), initial_state(program, 2)
    WalkEngine(program, x, y).train(walked, Hyper(), Batching(10), 15)
    NativeEngine(program, x, y).train(compiled, Hyper(), Batching(10), 15)
    np.testing.assert_allclose(compiled.values, walked.values, rtol=0.0, atol=1e-12)


def test_that_a_run_with_dropout_is_the_same_to_the_bit_however_it_is_cut(kind: Kind) -> None:
    program, (x, y) = network(), rows()
    whole, pieces = initial_state(program, 7), initial_state(program, 7)
    kind(program, x, y).train(whole, Hyper("adam", 0.01), Batching(10), 40)
    cut = 1
    while pieces.updates < 40:
        pieces = pieces.copy()
        kind(program, x, y).train(pieces, Hyper("adam", 0.01), Batching(10), min(cut, 40 - pieces.updates))
        cut = cut % 7 + 1
    np.testing.assert_array_equal(whole.values, pieces.values)


def test_that_an_update_that_was_taken_back_is_made_again_to_the_bit(kind: Kind) -> None:
    program, (x, y) = network(), rows()
    state, engine = initial_state(program, 7), kind(program, x, y)
    engine.train(state, Hyper(), Batching(10), 9)
    after = state.copy()
    assert engine.go_back(state) == 9
    assert state.updates == 8
    engine.train(state, Hyper(), Batching(10), 1)
    np.testing.assert_array_equal(state.values, after.values)


def test_that_outputs_figures_and_pictures_drop_nothing(kind: Kind) -> None:
    program, (x, y) = network(), rows()
    values = initial_state(program, 1).values
    plain = replace(program, instructions=tuple(replace(one, rate=0.0) for one in program.instructions))
    engine, without = kind(program, x, y), kind(plain, x, y)
    np.testing.assert_array_equal(engine.outputs(values, x), without.outputs(values, x))
    for name in ("d0", "d2"):
        np.testing.assert_array_equal(engine.pictures(values, x, [name]), without.pictures(values, x, [name]))
    buffers = Walk(program, values).forward(x)
    np.testing.assert_array_equal(buffers["d1"], buffers["a1"])


def test_that_trace_and_gradient_check_drop_nothing() -> None:
    program, (x, y) = network(), rows()
    state = initial_state(program, 1)
    traced = trace(program, state, x, y, Hyper())
    np.testing.assert_array_equal(traced.values["d1"], traced.values["a1"])
    np.testing.assert_array_equal(traced.gradients["d1"], traced.gradients["a1"])
    report = gradient_check(program, state.values, x, y, Hyper())
    assert report.max_relative_error < 1e-6
    assert report.corners == 0


def test_that_the_gradient_passes_the_same_mask() -> None:
    program, (x, y) = network(), rows()
    walk = Walk(program, initial_state(program, 1).values)
    drawn = masks(program, 0, 0, len(x))
    upstream = walk.backward(walk.forward(x, drawn), y, to_input=True)
    for source, name in (("in", "d0"), ("a1", "d1"), ("a2", "d2")):
        np.testing.assert_array_equal(upstream[source], upstream[name] * drawn[name])
    # A pass without masks forgets them.
    walk.backward(walk.forward(x), y)
    assert walk.masks == {}


def test_that_another_rate_needs_no_other_code() -> None:
    x, y = rows()
    before = None
    for rates in ((0.2, 0.5, 0.5), (0.1, 0.9, 0.0)):
        program = network(rates)
        NativeEngine(program, x, y).train(initial_state(program, 0), Hyper(), Batching(10), 1)
        code = next(reversed(native._compiled.values()))
        assert before in (None, code)
        before = code
