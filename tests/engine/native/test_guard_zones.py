"""Compiled code reads and writes nothing but what it is given.

Every array that goes in lies between guard zones. Those of numbers hold NaN, so that one read too many comes out as
NaN; those of the order hold a row that is not there. What is only read must come back as it was.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray
from random_programs import Case, cases, vectors_of

from playground.engine.native.engine import Trainable, dropout_numbers, trainable, update_kind
from playground.engine.native.updates import NUMBERS
from playground.engine.optimizers import OPTIMIZERS, frozen_mask
from playground.randomness import stream

#: Numbers on either side: more than any vector or row could overrun by.
ZONE = 4096
_FAR = 1 << 40


class Guarded:
    """An array between two guard zones."""

    def __init__(self, array: NDArray[np.float64] | NDArray[np.int64]) -> None:
        guard = np.nan if array.dtype == np.float64 else _FAR
        self.whole = np.full(array.size + 2 * ZONE, guard, dtype=array.dtype)
        self.array = self.whole[ZONE : ZONE + array.size].reshape(array.shape)
        self.array[...] = array
        self._before = self.whole.tobytes()

    def assert_the_zones_are_whole(self) -> None:
        after, width = self.whole.tobytes(), ZONE * self.whole.itemsize
        assert after[:width] == self._before[:width]
        assert after[-width:] == self._before[-width:]

    def assert_untouched(self) -> None:
        assert self.whole.tobytes() == self._before


def arrays_of(case: Case, network: Trainable) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
    """What `NativeEngine` hands to the code, in the code's order."""
    (x, y), state, rows = case.data(), case.state(), case.rows
    names = OPTIMIZERS[case.hyper.optimizer].slots(case.hyper)
    order = np.zeros(rows + case.batching.size, dtype=np.int64)
    order[:rows] = np.arange(rows)
    frozen = frozen_mask(case.program)
    beside = [np.zeros(case.program.size)] * len(names)
    if network.masked:
        assert frozen is not None
        beside.append(frozen.astype(np.float64))
    numbers = np.zeros(NUMBERS)
    numbers[:4] = case.hyper.learning_rate, case.hyper.momentum, case.hyper.l1, case.hyper.l2
    return {
        "values": network.packing.pack(state.values),
        "slots": network.packing.pack(*beside),
        "x": x,
        "y": y,
        "order": order,
        "dropped": dropout_numbers(case.program, case.seed),
        "numbers": numbers,
        "workspace": network.workspace(),
    }


def run(network: Trainable, case: Case, arrays: dict[str, NDArray[np.float64] | NDArray[np.int64]]) -> float:
    key = stream(case.seed, "shuffle") if case.batching.shuffle else 0
    given = {**arrays, "state": case.state(), "key": key, "batches": 7}
    return network.run(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("lanes", [8, 4, 2])
def test_that_nothing_outside_the_arrays_is_read_or_written(lanes: int) -> None:
    @settings(max_examples=25, derandomize=True, database=None, deadline=None)
    @given(cases())
    def holds(case: Case) -> None:
        with vectors_of(lanes):
            network = trainable(case.program, min(case.batching.size, case.rows), update_kind(case.hyper))
            plain = arrays_of(case, network)
            guarded = {name: Guarded(array) for name, array in arrays_of(case, network).items()}
            loss = run(network, case, plain)
            within = run(network, case, {name: one.array for name, one in guarded.items()})
        for one in guarded.values():
            one.assert_the_zones_are_whole()
        for name in ("x", "y", "dropped", "numbers"):
            guarded[name].assert_untouched()
        assert within == loss or (np.isnan(within) and np.isnan(loss))
        for name in ("values", "slots", "order"):
            np.testing.assert_array_equal(guarded[name].array, plain[name])
        # Numbers that stand for no parameter are 0 and stay so.
        padding = network.packing.pack(np.ones(case.program.size)) == 0.0
        beside = len(OPTIMIZERS[case.hyper.optimizer].slots(case.hyper)) + network.masked
        blocks = np.concatenate([plain["values"], plain["slots"]]).reshape(1 + beside, padding.size)
        np.testing.assert_array_equal(blocks[:, padding], 0.0)
        if network.masked:
            frozen = frozen_mask(case.program)
            assert frozen is not None
            np.testing.assert_array_equal(blocks[-1], network.packing.pack(frozen.astype(np.float64)))

    holds()
