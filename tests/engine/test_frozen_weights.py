"""Single weights that training leaves as they are: to the bit, under every optimizer, by the walk and compiled code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from playground.engine.initializers import initial_state
from playground.engine.native.engine import NativeEngine
from playground.engine.optimizers import OPTIMIZERS, Hyper, frozen_mask
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.trace import trace
from playground.engine.training_engine import Batching, Engine, WalkEngine
from playground.randomness import normal, stream

Kind = Callable[..., Engine]

HYPERS = {
    "sgd": Hyper("sgd", 0.05),
    "momentum": Hyper("sgd", 0.002, momentum=0.9),
    "nesterov": Hyper("sgd", 0.002, momentum=0.9, nesterov=True),
    **{name: Hyper(name, 0.01) for name in OPTIMIZERS if name != "sgd"},
}
PENALTIES = {"no penalty": {}, "penalties": {"l1": 0.02, "l2": 0.1}}
#: One unit, two, few and more than a vector holds: narrow and wide layers lie differently in memory.
UNITS = (1, 2, 5, 19)
#: Samples in a batch: a single one has code of its own.
BATCHES = (1, 10)


@pytest.fixture(params=[WalkEngine, NativeEngine], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Both engines in turn."""
    engine: Kind = request.param
    return engine


def net(units: int, *, inputs: int = 7, **masks: tuple[int, ...]) -> Program:
    """inputs - units tanh - 3; `masks` by parameter, with an underscore for the dot."""
    shapes = {"h_weight": (inputs, units), "h_bias": (units,), "o_weight": (units, 3), "o_bias": (3,)}
    parameters = tuple(
        Parameter(*name.split("_"), shape, "glorot_uniform", mask=masks.get(name, ())) for name, shape in shapes.items()
    )
    return Program(
        "in",
        (
            Instruction("dense", "h", ("in",), "h", ("h.weight", "h.bias")),
            Instruction("tanh", "a", ("h",), "a"),
            Instruction("dense", "o", ("a",), "o", ("o.weight", "o.bias")),
        ),
        {"in": inputs, "h": units, "a": units, "o": 3},
        parameters,
        "half_squared",
        "o",
    )


def rows(inputs: int = 7) -> tuple[Array, Array]:
    return normal(stream(1, "x"), (57, inputs)), normal(stream(1, "y"), (57, 3))


def some_frozen(units: int) -> Program:
    """Every third weight into the hidden layer, its first bias, and one weight behind it."""
    return net(units, h_weight=tuple(range(1, 7 * units, 3)), h_bias=(0,), o_weight=(3 * units - 1,))


def begun(program: Program, hyper: Hyper) -> State:
    """A state whose slots are already under way, so that a frozen number has a velocity to ignore."""
    state = initial_state(program, 3)
    names = OPTIMIZERS[hyper.optimizer].slots(hyper)
    state.slots = {name: 0.1 * np.abs(normal(stream(3, name), (program.size,))) for name in names}
    state.steps = 4
    return state


def frozen_in(program: Program) -> np.ndarray:
    frozen = frozen_mask(program)
    assert frozen is not None
    return frozen


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("name", HYPERS)
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("units", UNITS)
def test_that_frozen_weights_stay_to_the_bit_and_the_others_move_as_in_the_walk(
    units: int, batch: int, name: str, penalty: str
) -> None:
    program, hyper = some_frozen(units), replace(HYPERS[name], **PENALTIES[penalty])
    frozen, before = frozen_in(program), begun(program, hyper)
    after = {}
    for engine in (WalkEngine, NativeEngine):
        after[engine] = state = before.copy()
        assert engine(program, *rows()).train(state, hyper, Batching(batch), 50).diverged_at is None
        for now, then in zip(
            (state.values, *state.slots.values()), (before.values, *before.slots.values()), strict=True
        ):
            np.testing.assert_array_equal(now[frozen], then[frozen])
            assert (now[~frozen] != then[~frozen]).all()
    np.testing.assert_allclose(after[NativeEngine].values, after[WalkEngine].values, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("name", HYPERS)
def test_that_one_update_moves_the_others_as_if_nothing_were_frozen(kind: Kind, name: str, batch: int) -> None:
    """To the bit: freezing a weight takes nothing but its own step away."""
    program, hyper = some_frozen(5), replace(HYPERS[name], l1=0.02, l2=0.1)
    frozen, before = frozen_in(program), begun(program, hyper)
    held, free = before.copy(), before.copy()
    kind(program, *rows()).train(held, hyper, Batching(batch), 1)
    kind(net(5), *rows()).train(free, hyper, Batching(batch), 1)
    np.testing.assert_array_equal(held.values[~frozen], free.values[~frozen])
    assert (free.values[frozen] != before.values[frozen]).all()


@pytest.mark.parametrize("batch", BATCHES)
def test_that_a_run_is_the_same_however_it_is_cut(kind: Kind, batch: int) -> None:
    program, hyper = some_frozen(5), HYPERS["adam"]
    whole, pieces = (initial_state(program, 3) for _ in range(2))
    kind(program, *rows()).train(whole, hyper, Batching(batch), 60)
    for piece in (1, 9, 20, 30):
        kind(program, *rows()).train(pieces, hyper, Batching(batch), piece)
    np.testing.assert_array_equal(whole.values, pieces.values)


@pytest.mark.parametrize("batch", BATCHES)
def test_that_a_weight_freed_in_the_middle_of_a_run_trains_on_with_the_slots_it_had(kind: Kind, batch: int) -> None:
    held, free, hyper = some_frozen(5), net(5), HYPERS["momentum"]
    state = begun(held, hyper)
    frozen, velocity = frozen_in(held), state.slots["velocity"].copy()
    kind(held, *rows()).train(state, hyper, Batching(batch), 5)
    np.testing.assert_array_equal(state.slots["velocity"][frozen], velocity[frozen])
    before = state.values.copy()
    kind(free, *rows()).train(state, hyper, Batching(batch), 1)
    assert (state.values[frozen] != before[frozen]).all()


def test_that_a_layer_with_every_weight_frozen_still_learns_its_biases(kind: Kind) -> None:
    program = net(5, h_weight=tuple(range(35)))
    state, before = (initial_state(program, 3) for _ in range(2))
    kind(program, *rows()).train(state, Hyper(), Batching(10), 5)
    now, then = program.views(state.values), program.views(before.values)
    np.testing.assert_array_equal(now["h.weight"], then["h.weight"])
    assert (now["h.bias"] != then["h.bias"]).all()


@pytest.mark.parametrize("whole", ["h.weight", "h.bias"])
def test_that_of_a_layer_either_the_weight_or_the_bias_can_be_frozen_whole(kind: Kind, whole: str) -> None:
    program = net(5)
    program = replace(program, parameters=tuple(replace(p, frozen=p.name == whole) for p in program.parameters))
    state, before = (initial_state(program, 3) for _ in range(2))
    kind(program, *rows()).train(state, HYPERS["adam"], Batching(10), 5)
    now, then = program.views(state.values), program.views(before.values)
    for name in now:
        assert (now[name] == then[name]).all() if name == whole else (now[name] != then[name]).all()


def test_that_a_frozen_weight_passes_the_gradient_on_and_shows_its_own(kind: Kind) -> None:
    """It is not cut out of the network: only its own step is left out."""
    held, free = net(5, o_weight=tuple(range(15))), net(5)
    state, (x, y), hyper = initial_state(held, 3), rows(), Hyper(l2=0.1)
    traced, plain = (trace(program, state, x, y, hyper) for program in (held, free))
    for name, one in traced.parameters.items():
        np.testing.assert_array_equal(one.gradient, plain.parameters[name].gradient)
        assert (one.gradient != 0.0).all()
    weight = traced.parameters["o.weight"]
    np.testing.assert_array_equal(weight.updated, weight.value)
    assert (traced.parameters["h.weight"].updated != traced.parameters["h.weight"].value).all()
    trained = state.copy()
    kind(held, x, y).train(trained, hyper, Batching(57), 1)
    for name, view in held.views(trained.values).items():
        np.testing.assert_allclose(view, traced.parameters[name].updated, rtol=1e-12, atol=1e-14)


def test_that_a_diverging_run_goes_back_with_its_frozen_weights_in_place(kind: Kind) -> None:
    program = some_frozen(5)
    state, before = (initial_state(program, 3) for _ in range(2))
    assert kind(program, *rows()).train(state, Hyper(learning_rate=1e200), Batching(10), 20).diverged_at is not None
    assert np.isfinite(state.values).all()
    np.testing.assert_array_equal(state.values[frozen_in(program)], before.values[frozen_in(program)])
