"""Networks and batches at the edges of what there is: very small, very large, very deep, or without a layer."""

from __future__ import annotations

import numpy as np
import pytest
from random_programs import Draft, targets

from playground.bench.workloads import WORKLOADS, Workload, program_of, rows_of
from playground.engine.initializers import initial_state
from playground.engine.native.engine import NativeEngine
from playground.engine.optimizers import Hyper
from playground.engine.program import Array, Program
from playground.engine.training_engine import Batching, WalkEngine
from playground.randomness import normal, stream


def chain(*widths: int, activation: str = "tanh", loss: str = "half_squared") -> Program:
    """Dense layers, each but the last followed by an activation."""
    draft, last = Draft({"in": widths[0]}), "in"
    for units in widths[1:-1]:
        last = draft.activation(activation, draft.dense(last, units))
    return draft.program(loss, draft.dense(last, widths[-1]))


def rows_for(program: Program, rows: int) -> tuple[Array, Array]:
    x = normal(stream(rows, "x"), (rows, program.widths["in"]))
    return x, targets(program.loss, rows, (rows, program.widths[program.prediction]))


def assert_both_train_alike(program: Program, rows: int, batch: int, hyper: Hyper, updates: int = 5) -> None:
    x, y = rows_for(program, rows)
    walk, compiled = WalkEngine(program, x, y), NativeEngine(program, x, y)
    expected, state = initial_state(program, 1), initial_state(program, 1)
    batching = Batching(batch)
    assert walk.train(expected, hyper, batching, updates) == compiled.train(state, hyper, batching, updates)
    largest = max(1.0, float(np.abs(expected.values).max(initial=0.0)))
    np.testing.assert_allclose(state.values, expected.values, rtol=0.0, atol=1e-12 * largest)
    shown = walk.outputs(expected.values, x)
    np.testing.assert_allclose(compiled.outputs(state.values, x), shown, rtol=0.0, atol=1e-11 * max(1.0, shown.max()))


SGD = Hyper("sgd", 0.01)


@pytest.mark.parametrize("hyper", [SGD, Hyper("adam", 0.01)], ids=["sgd", "adam"])
@pytest.mark.parametrize(
    ("widths", "rows", "batch"),
    [
        ((1, 1), 1, 1),
        ((1, 1, 1), 1, 1),
        ((1, 1, 1), 1, 40),
        ((3, 1024, 2), 20, 7),
        ((1024, 1, 1024), 20, 7),
        ((784, 16, 10), 33, 32),
        ((784, 1), 5, 2),
        ((2, 8, 1), 7000, 5000),
        ((2, 8, 3), 40, 1),
        ((3, 13, 1), 40, 1),
        ((3, 13, 2, 11), 40, 1),
        ((31, 33, 63, 65, 32), 100, 96),
    ],
    ids=str,
)
def test_that_sizes_at_the_edge_train_as_on_the_walk(
    widths: tuple[int, ...], rows: int, batch: int, hyper: Hyper
) -> None:
    # The sigmoid of 0 is not 0: what stands beside the units of a width that fills no vector would be noticed.
    assert_both_train_alike(chain(*widths, activation="sigmoid"), rows, batch, hyper)


@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize("loss", ["half_squared", "softmax_cross_entropy"])
def test_that_networks_without_a_layer_only_go_through_the_rows(loss: str, batch: int) -> None:
    for width in (1, 9):
        bare = Draft({"in": width}).program(loss, "in")
        draft = Draft({"in": width})
        with_an_activation = draft.program(loss, draft.activation("tanh", "in"))
        draft = Draft({"in": width})
        with_joins = draft.program(loss, draft.join("multiply", ("in", draft.join("add", ("in", "in")))))
        for program in (bare, with_an_activation, with_joins):
            assert_both_train_alike(program, 10, batch, SGD)


@pytest.mark.parametrize("batch", [1, 4])
def test_that_the_input_can_be_joined_with_itself_and_with_what_comes_of_it(batch: int) -> None:
    draft = Draft({"in": 5})
    twice = draft.join("concat", ("in", "in"))
    layer = draft.activation("relu", draft.dense(twice, 5))
    joined = draft.join("concat", ("in", layer, "in"))
    square = draft.join("multiply", (joined, joined))
    third = draft.join("add", (square, joined, square))
    assert_both_train_alike(draft.program("huber", draft.dense(third, 2)), 23, batch, SGD)


@pytest.mark.parametrize("batch", [1, 10])
def test_that_joins_with_one_input_twice_are_right_where_they_share_code(batch: int) -> None:
    """The same join several times over is one function: its inputs must not be taken to lie apart."""
    draft = Draft({"in": 4})
    last = draft.dense("in", 6)
    for op in ("add", "multiply", "concat", "add", "multiply"):
        for _ in range(3):
            last = draft.activation("tanh", draft.join(op, (last, last)))
            last = draft.dense(last, 6)
    assert_both_train_alike(draft.program("half_squared", last), 30, batch, SGD)


@pytest.mark.parametrize("hyper", [SGD, Hyper("sgd", 0.01, momentum=0.9)], ids=["sgd", "momentum"])
@pytest.mark.parametrize("units", [1, 3])
def test_that_what_shared_code_adds_to_a_gradient_is_seen_by_code_of_its_own(units: int, hyper: Hyper) -> None:
    """The sigmoid's slope comes first and has code of its own, both tanh share theirs, and the layer reads the sum."""
    draft = Draft({"in": 3})
    layer = draft.dense("in", units)
    branches = [draft.activation(op, layer) for op in ("tanh", "tanh", "sigmoid")]
    assert_both_train_alike(draft.program("half_squared", draft.join("concat", tuple(branches))), 30, 8, hyper)


def test_that_a_chain_of_200_layers_trains_as_on_the_walk() -> None:
    assert_both_train_alike(chain(2, *[8] * 200, 1), 50, 10, SGD)


def test_that_sixty_different_layers_train_as_on_the_walk() -> None:
    assert_both_train_alike(chain(3, *range(1, 60), 2, activation="relu"), 20, 6, SGD)


def test_that_a_wide_network_trains_as_on_the_walk() -> None:
    workload = Workload("wide", (784, 512, 256, 10), ("relu", "relu", ""), "softmax_cross_entropy", 100, 64)
    program = program_of(workload)
    x, y = rows_of(workload)
    state, expected = initial_state(program, 1), initial_state(program, 1)
    NativeEngine(program, x, y).train(state, SGD, Batching(64), 4)
    WalkEngine(program, x, y).train(expected, SGD, Batching(64), 4)
    np.testing.assert_allclose(state.values, expected.values, rtol=0.0, atol=1e-13)


@pytest.mark.parametrize("name", WORKLOADS)
def test_that_every_workload_trains_as_on_the_walk(name: str) -> None:
    workload = WORKLOADS[name]
    program = program_of(workload)
    x, y = rows_of(workload)
    state, expected = initial_state(program, 1), initial_state(program, 1)
    NativeEngine(program, x, y).train(state, SGD, Batching(workload.batch), 100)
    WalkEngine(program, x, y).train(expected, SGD, Batching(workload.batch), 100)
    np.testing.assert_allclose(state.values, expected.values, rtol=0.0, atol=1e-12)
