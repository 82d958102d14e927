"""What threads and engines share: code, and nothing else."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playground.bench.workloads import HYPER, WORKLOADS, program_of, rows_of
from playground.engine.initializers import initial_state
from playground.engine.native import engine as native
from playground.engine.native.engine import NativeEngine, trainable
from playground.engine.optimizers import Hyper
from playground.engine.program import Array, Instruction, Program
from playground.engine.training_engine import Batching, WalkEngine


def trained(program: Program, x: Array, y: Array, seed: int, chunks: int) -> Array:
    engine, state = NativeEngine(program, x, y), initial_state(program, seed)
    for _ in range(chunks):
        engine.train(state, HYPER, Batching(10), 500)
    return state.values


@pytest.mark.parametrize("compiled_before", [True, False])
def test_that_engines_on_four_threads_train_one_network_as_each_would_alone(compiled_before: bool) -> None:
    program = program_of(WORKLOADS["w3"])
    x, y = rows_of(WORKLOADS["w3"])
    alone = [trained(program, x, y, seed, 10) for seed in range(4)]
    if not compiled_before:
        native._compiled.clear()
    together: dict[int, Array] = {}
    begin = threading.Barrier(4)

    def train(seed: int) -> None:
        begin.wait()
        together[seed] = trained(program, x, y, seed, 10)

    threads = [threading.Thread(target=train, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed in range(4):
        np.testing.assert_array_equal(together[seed], alone[seed])


def test_that_threads_can_compile_different_networks_at_once() -> None:
    names = ["w1", "w2", "w3", "w4"]
    programs = {name: program_of(WORKLOADS[name]) for name in names}
    alone = {name: trained(programs[name], *rows_of(WORKLOADS[name]), 0, 1) for name in names}
    native._compiled.clear()
    together: dict[str, Array] = {}
    begin = threading.Barrier(len(names))

    def train(name: str) -> None:
        begin.wait()
        together[name] = trained(programs[name], *rows_of(WORKLOADS[name]), 0, 1)

    threads = [threading.Thread(target=train, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in names:
        np.testing.assert_array_equal(together[name], alone[name])


def test_that_networks_without_parameters_are_told_apart_by_their_widths() -> None:
    """The instructions of both are the same to the letter."""
    for width in (2, 11):
        program = Program("in", (Instruction("tanh", "a", ("in",), "a"),), {"in": width, "a": width}, (), "huber", "a")
        x, y = np.full((3, width), 0.5), np.zeros((3, width))
        state = initial_state(program, 0)
        loss = NativeEngine(program, x, y)._advance(state, HYPER, Batching(3), 1)
        engine = WalkEngine(program, x, y)
        assert loss == pytest.approx(3.0 * engine.mean_loss(engine.outputs(state.values, x), y))


def test_that_what_leaves_the_code_as_it_is_compiles_nothing() -> None:
    program = program_of(WORKLOADS["w1"])
    code = trainable(program, 10, "adam")
    otherwise = replace(program, parameters=tuple(replace(p, init="zeros") for p in program.parameters))
    assert trainable(otherwise, 10, "adam") is code
    frozen = replace(program, parameters=tuple(replace(p, frozen=True) for p in program.parameters))
    assert trainable(frozen, 10, "adam") is not code
    held, others = (
        replace(program, parameters=tuple(replace(p, mask=mask) for p in program.parameters)) for mask in ((0,), (1, 2))
    )
    assert trainable(held, 10, "adam") is trainable(others, 10, "adam") is not code
    x, y = rows_of(WORKLOADS["w1"])
    state = initial_state(program, 0)
    NativeEngine(program, x[:77], y[:77]).train(state, Hyper("adam", 0.5, l1=0.1), Batching(10, shuffle=False), 3)
    assert trainable(program, 10, "adam") is code


def test_that_code_of_networks_gone_by_is_freed() -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("the size of the process is read from /proc")

    def compile_twenty() -> int:
        """Compile more networks than are kept; returns the size of the process in MB."""
        for units in range(3, 23):
            workload = replace(WORKLOADS["w1"], widths=(2, units, 1), activations=("tanh", ""))
            trainable(program_of(workload), 10, "sgd")
        gc.collect()
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20

    native._compiled.clear()
    settled = [compile_twenty() for _ in range(2)][-1]
    assert [compile_twenty() for _ in range(3)][-1] <= settled + 3
    assert len(native._compiled) == native._KEPT
