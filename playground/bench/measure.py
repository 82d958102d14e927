"""Measuring: the median of several runs, each long enough that the clock does not matter."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from playground.bench.workloads import HYPER, Workload, grid, program_of, rows_of
from playground.engine.engines import make_engine
from playground.engine.initializers import initial_state
from playground.engine.training_engine import Batching


@dataclass(frozen=True)
class Effort:
    """How much time a measurement may take: at least `seconds` for each of `runs` runs."""

    runs: int = 5
    seconds: float = 0.1


def training_speed(workload: Workload, effort: Effort) -> float:
    """Samples a second of whole epochs: shuffled, the loss of every batch taken, the short last batch trained.

    Every run starts from the initial weights, so that all of them do the same work.
    """
    program = program_of(workload)
    engine = make_engine(program, *rows_of(workload))
    batching = Batching(workload.batch)
    batches = math.ceil(workload.rows / workload.batch)

    def epochs(count: int) -> None:
        state = initial_state(program, seed=0)
        chunk = engine.train(state, HYPER, batching, count * batches)
        if chunk.diverged_at is not None:
            raise ArithmeticError(f"workload {workload.name} diverged at update {chunk.diverged_at}")

    return workload.rows / _seconds_each(epochs, effort)


def peer_speed(workload: Workload, epochs: Callable[[int], None], effort: Effort) -> float:
    """Samples a second of a peer, whose `epochs(count)` trains so many epochs."""
    return workload.rows / _seconds_each(epochs, effort)


def drawing_time(workload: Workload, side: int, effort: Effort) -> float:
    """Seconds for the outputs of every neuron on a grid of side × side points."""
    program = program_of(workload)
    engine = make_engine(program, *rows_of(workload))
    values, points = initial_state(program, seed=0).values, grid(side)
    neurons = [instruction.output for instruction in program.instructions if instruction.op != "dense"]

    def pictures(count: int) -> None:
        for _ in range(count):
            engine.pictures(values, points, neurons)

    return _seconds_each(pictures, effort)


def _seconds_each(work: Callable[[int], None], effort: Effort) -> float:
    """The median over the runs of the time for one piece of work; `work(count)` does that many."""
    count = 1
    while (seconds := _timed(work, count)) < effort.seconds:
        count = max(count + 1, math.ceil(1.2 * count * effort.seconds / max(seconds, 1e-6)))
    times: list[float] = []
    while len(times) < effort.runs:
        seconds = _timed(work, count)
        if seconds < effort.seconds:  # The machine has become faster since: a run must not be too short.
            count = math.ceil(1.2 * count * effort.seconds / max(seconds, 1e-6))
        else:
            times.append(seconds / count)
    return median(times)


def _timed(work: Callable[[int], None], count: int) -> float:
    began = time.perf_counter()
    work(count)
    return time.perf_counter() - began
