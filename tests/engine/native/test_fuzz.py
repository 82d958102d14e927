"""Compiled code against the walk, over random networks.

The suite takes the same programs every time. A longer run, of programs that are new each time, is one command; the
figure is how many for each test. It makes the failure small before it shows it, which takes a while:

    PLAYGROUND_FUZZ=20000 python -m pytest tests/engine/native/test_fuzz.py -n 2 -o faulthandler_timeout=0
"""

from __future__ import annotations

import itertools
import os
import platform
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st
from random_programs import Case, cases, hypers, vectors_of

from playground.engine import training_engine
from playground.engine.dropout import masks
from playground.engine.native.engine import NativeEngine
from playground.engine.program import Array, Instruction
from playground.engine.state import State
from playground.engine.training_engine import WalkEngine
from playground.engine.walk import Buffers, Walk

UPDATES = 20
#: What compiled code may differ by, in units of the largest weight (or of 1, where that is larger).
ALLOWED = 1e-12
#: A network that moves a walk which rounds otherwise by more than this cannot tell a fault from rounding.
STEADY = 2e-13

LONGER = int(os.environ.get("PLAYGROUND_FUZZ", "0"))
LANES = (8, 4, 2)
#: Sizes of the pieces that a run is cut into, over and over.
CUTS = st.lists(st.integers(1, UPDATES), min_size=1, max_size=4)


def fuzz(programs: int, number: int, test: Callable[[Case, list[int]], None], of: st.SearchStrategy[Case]) -> None:
    """Test so many programs: the `number`th set of them, or new ones in a longer run."""
    rules = settings(
        max_examples=LONGER or programs,
        phases=[Phase.generate, Phase.shrink] if LONGER else [Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    wrapped = rules(given(of, CUTS)(test))
    (wrapped if LONGER else seed(number)(wrapped))()


def engines(case: Case) -> tuple[WalkEngine, NativeEngine]:
    x, y = case.data()
    return WalkEngine(case.program, x, y), NativeEngine(case.program, x, y)


def size(values: np.ndarray) -> float:
    return max(1.0, float(np.abs(values).max(initial=0.0)))


def difference(a: State, b: State) -> float:
    """The largest difference of any weight or slot, in units of the largest."""
    assert set(a.slots) == set(b.slots)
    pairs = [(a.values, b.values), *((a.slots[name], b.slots[name]) for name in a.slots)]
    return max(float(np.abs(x - y).max(initial=0.0)) / size(x) for x, y in pairs)


def counters(state: State) -> tuple[int, ...]:
    return state.updates, state.steps, state.epoch, state.batch


class RoundedOtherwise(Walk):
    """A walk whose outputs are off by a unit in the last place, its gradients by half a one of the sizes they sum up.

    A saturated tanh shows why both: 1 - tanh² of 0.999999 keeps few of its digits, and AdaGrad steps by ratios of them.
    """

    def forward_one(self, instruction: Instruction, buffers: Buffers) -> None:
        super().forward_one(instruction, buffers)
        # By a factor, here and below: a 0 stays one, on the corner of ReLU or of |w|.
        buffers[instruction.output] = _nudged(buffers[instruction.output])

    def backward(self, buffers: Buffers, targets: Array, *, to_input: bool = False) -> Buffers:
        upstream = super().backward(buffers, targets, to_input=to_input)
        for instruction in self.program.instructions:
            if instruction.parameters:
                inputs, arriving = np.abs(buffers[instruction.inputs[0]]), np.abs(upstream[instruction.output])
                sizes = inputs.T @ arriving, arriving.sum(axis=0)
                for name, sums in zip(instruction.parameters, sizes, strict=False):
                    self.gradients[name] += 2.0**-53 * _alternating(sums.shape) * sums
        return upstream


def _alternating(shape: tuple[int, ...]) -> Array:
    return np.where(np.indices(shape).sum(axis=0) % 2, 1.0, -1.0)


def _nudged(values: Array) -> Array:
    """Each a unit in its last place up or down."""
    nudged: Array = values * (1.0 + 2.0**-52 * _alternating(values.shape))
    return nudged


def rounded_otherwise(case: Case, walk: WalkEngine) -> tuple[State, int | None]:
    """Where the walk ends up from weights nudged in the last place, with its gradients off by rounding.

    And at which update it diverged, if it did.
    """
    state = case.state()
    state.values = _nudged(state.values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training_engine, "Walk", RoundedOtherwise)
        chunk = walk.train(state, case.hyper, case.batching, UPDATES)
    return state, chunk.diverged_at


def walked(case: Case, walk: WalkEngine) -> tuple[State, float] | None:
    """The walk's state after some updates and the sum of all losses; None where rounding decides."""
    state, summed = case.state(), 0.0
    with np.errstate(all="ignore"):
        for _ in range(UPDATES):
            order = walk.order(state, case.batching)
            rows = np.arange(case.rows) if order is None else order
            chosen = rows[state.batch * case.batching.size :][: case.batching.size]
            passed = Walk(case.program, state.values)
            buffers = passed.forward(walk.x[chosen], masks(case.program, state.seed, state.updates, len(chosen)))
            summed += passed.mean_loss(buffers, walk.y[chosen]) * len(chosen)
            if walk.train(state, case.hyper, case.batching, 1).diverged_at is not None or _on_a_corner(case, state):
                return None
    other, diverged_at = rounded_otherwise(case, walk)
    return (state, summed) if diverged_at is None and difference(state, other) < STEADY else None


def _on_a_corner(case: Case, state: State) -> bool:
    """Whether some weight is 0 but for rounding, which then decides the sign of L1's slope."""
    sizes = np.abs(state.values)
    return case.hyper.l1 > 0.0 and bool(((sizes > 0.0) & (sizes < 1e-12)).any())


def in_pieces(case: Case, cuts: Sequence[int], engine: NativeEngine | None = None) -> tuple[State, int | None]:
    """Trained piece by piece up to where it diverges, if it does; by a new engine each time where none is given."""
    state, left = case.state(), UPDATES
    sizes = itertools.cycle(cuts)
    while left:
        piece = min(left, next(sizes))
        trained_by = engine or NativeEngine(case.program, *case.data())
        chunk = trained_by.train(state, case.hyper, case.batching, piece)
        if chunk.diverged_at is not None:
            return state, chunk.diverged_at
        left -= piece
    return state, None


def assert_the_same(a: State, b: State) -> None:
    """To the bit."""
    assert counters(a) == counters(b)
    np.testing.assert_array_equal(a.values, b.values)
    assert set(a.slots) == set(b.slots)
    for name, slot in a.slots.items():
        np.testing.assert_array_equal(slot, b.slots[name])


def assert_that_both_do_the_same(programs: int, lanes: int, processor: str | None = None) -> None:
    def holds(case: Case, cuts: list[int]) -> None:
        walk, compiled = engines(case)
        expected = walked(case, walk)
        assume(expected is not None)
        assert expected is not None
        after, summed = expected
        with vectors_of(lanes, processor):
            state = case.state()
            total = compiled._advance(state, case.hyper, case.batching, UPDATES)
            outputs = compiled.outputs(state.values, compiled.x)
            pieces, _ = in_pieces(case, cuts)  # As by a run that is saved and resumed.
        assert counters(state) == counters(after)
        assert difference(after, state) <= ALLOWED
        assert total == pytest.approx(summed, rel=1e-11, abs=1e-11)
        shown = walk.outputs(state.values, walk.x)
        np.testing.assert_allclose(outputs, shown, rtol=0.0, atol=ALLOWED * size(shown))
        assert_the_same(pieces, state)

    fuzz(programs, lanes, holds, cases())


@pytest.mark.parametrize("lanes", LANES)
def test_that_compiled_code_does_what_the_walk_does(lanes: int) -> None:
    assert_that_both_do_the_same(100, lanes)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="for processors with SSE2 and AVX2")
@pytest.mark.parametrize(("lanes", "processor"), [(4, "x86-64-v3"), (2, "x86-64")])
def test_that_code_for_an_older_processor_does_so_too(lanes: int, processor: str) -> None:
    assert_that_both_do_the_same(10, lanes, processor)


def test_that_both_notice_a_run_away_number_at_the_same_update() -> None:
    """With rates that no network survives, and some that many do."""
    rates = hypers((1.0, 30.0, 1e6, 1e80, 1e200))

    def holds(case: Case, cuts: list[int]) -> None:
        walk, compiled = engines(case)
        state, compiled_state = case.state(), case.state()
        failed = walk.train(state, case.hyper, case.batching, UPDATES).diverged_at
        assume(rounded_otherwise(case, walk)[1] == failed)
        assert compiled.train(compiled_state, case.hyper, case.batching, UPDATES).diverged_at == failed
        assert counters(compiled_state) == counters(state)
        assert np.isfinite(compiled_state.values).all()
        # As by a run that is paused: only the engine that made an update can take it back.
        pieces, pieces_failed = in_pieces(case, cuts, engines(case)[1])
        assert pieces_failed == failed
        assert_the_same(pieces, compiled_state)

    fuzz(60, 0, holds, cases(rates))
