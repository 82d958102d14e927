"""The bench measures the contract's workloads; how fast they are is no matter of tests."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from playground.bench import command
from playground.bench.measure import Effort, drawing_time, training_speed
from playground.bench.numpy_rows import NumpyChain
from playground.bench.workloads import HYPER, WORKLOADS, grid, program_of, rows_of
from playground.engine import losses
from playground.engine.initializers import initial_state
from playground.engine.training_engine import Batching, WalkEngine, shuffled

QUICK = Effort(runs=1, seconds=0.001)


def test_that_the_record_is_the_contracts() -> None:
    record = json.loads(json.dumps(command.measured(QUICK), allow_nan=False))
    assert set(record) == {"machine", "training", "drawing", "peers"}
    assert all(set(speeds) == set(record["training"]) for speeds in record["peers"].values())
    assert list(record["training"]) == ["w1", "w2", "w3", "w3_batch1", "w4", "w5"]
    assert list(record["drawing"]) == [f"{name}_grid{side}" for name in ("w1", "w2", "w3") for side in (100, 256)]
    assert all(found["samples_per_second"] > 0 for found in record["training"].values())
    assert all(found["seconds"] > 0 for found in record["drawing"].values())
    assert record["machine"]["processor"]
    text = command._text(record)
    assert all(name in text for name in [*record["training"], *record["drawing"]])


@pytest.mark.parametrize("name", WORKLOADS)
def test_that_a_workload_is_a_network_that_trains(name: str) -> None:
    workload = WORKLOADS[name]
    program, (x, y) = program_of(workload), rows_of(workload)
    assert x.shape == (workload.rows, workload.widths[0])
    assert y.shape == (workload.rows, workload.widths[-1])
    engine, state = WalkEngine(program, x, y), initial_state(program, seed=0)
    before = losses.mean(losses.LOSSES[program.loss], engine.outputs(state.values, x), y)
    while state.epoch < 2:
        assert engine.train(state, HYPER, Batching(workload.batch), 50).diverged_at is None
    after = losses.mean(losses.LOSSES[program.loss], engine.outputs(state.values, x), y)
    assert after < before


def test_that_the_workloads_are_those_of_the_contract() -> None:
    shapes = {name: (workload.widths, workload.batch, workload.rows) for name, workload in WORKLOADS.items()}
    assert shapes == {
        "w1": ((2, 4, 2, 1), 10, 500),
        "w2": ((2, 8, 8, 8, 1), 10, 500),
        "w3": ((2, 8, 8, 8, 8, 8, 8, 1), 10, 500),
        "w3_batch1": ((2, 8, 8, 8, 8, 8, 8, 1), 1, 500),
        "w4": ((57, 64, 32, 1), 32, 4601),
        "w5": ((64, 128, 64, 10), 64, 1797),
    }
    assert [i.op for i in program_of(WORKLOADS["w1"]).instructions] == ["dense", "tanh"] * 3
    assert [i.op for i in program_of(WORKLOADS["w4"]).instructions] == ["dense", "relu", "dense", "relu", "dense"]
    assert set(np.unique(rows_of(WORKLOADS["w2"])[1])) == {-1.0, 1.0}
    assert set(np.unique(rows_of(WORKLOADS["w4"])[1])) == {0.0, 1.0}
    assert (rows_of(WORKLOADS["w5"])[1].sum(axis=1) == 1.0).all()


def test_that_a_run_lasts_as_long_as_it_was_told() -> None:
    import time

    began = time.perf_counter()
    assert training_speed(WORKLOADS["w1"], Effort(runs=3, seconds=0.02)) > 0
    assert drawing_time(WORKLOADS["w1"], 50, Effort(runs=3, seconds=0.02)) > 0
    assert time.perf_counter() - began >= 6 * 0.02


def test_that_a_grid_has_the_centres_of_its_cells() -> None:
    points = grid(50)
    assert points.shape == (2500, 2)
    assert points[0] == pytest.approx([-0.98, -0.98])
    assert points[-1] == pytest.approx([0.98, 0.98])


@pytest.mark.parametrize("name", WORKLOADS)
def test_that_tuned_numpy_does_the_same_work(name: str) -> None:
    """A yardstick that trained something else would measure nothing: after 20 updates the weights are the walk's."""
    workload = replace(WORKLOADS[name], rows=2 * WORKLOADS[name].batch + (WORKLOADS[name].batch > 1))
    program, (x, y) = program_of(workload), rows_of(workload)
    state = initial_state(program, seed=0)
    chain = NumpyChain(workload, state.values, HYPER.learning_rate)
    engine = WalkEngine(program, x, y)
    with_ones = np.column_stack([x, np.ones(len(x))])
    while state.updates < 20:
        chain.epoch(with_ones, y, shuffled(state, len(x)))
        engine.train(state, HYPER, Batching(workload.batch), len(range(0, len(x), workload.batch)))
    np.testing.assert_allclose(chain.values, state.values, rtol=0, atol=1e-12)
