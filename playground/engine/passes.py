"""One pass as a list of steps: forward, loss, backward, update. The microscope is a play head over it.

Everything is computed once, by the walk, when the pass is made; a step only says how far a reader has come. Going back
and forth therefore shows the same numbers to the bit. What the weights become is the training engine's own where the
pass is a batch that it would train next: it trains exactly that batch on a copy of the state.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.engine import dropout
from playground.engine.formulas import Sample
from playground.engine.optimizers import Hyper
from playground.engine.program import Array, Instruction, Program
from playground.engine.state import State
from playground.engine.symbols import Symbols
from playground.engine.trace import Trace, trace
from playground.engine.training_engine import Batching, Engine, start_of_batch

Kind = Literal["forward", "loss", "backward", "update"]


@dataclass(frozen=True)
class Step:
    """One thing that happens, at a node of the canvas; the update, which is of all weights at once, has none.

    `instruction` is its place in the program; the loss has none, forward or backward.
    """

    kind: Kind
    node: str | None
    instruction: int | None = None


@dataclass(frozen=True)
class Known:
    """What a reader has seen after some steps; everything else is still to come.

    Attributes:
        values: buffers whose values are there; the inputs always are.
        loss: whether the loss is.
        passed: nodes that have passed their gradient on: the wires into them carry one.
        gradients: buffers whose gradient is complete, since all that take them have passed theirs on.
        parameters: parameters whose gradient is there.
        updated: whether the weights are the new ones.
    """

    values: frozenset[str]
    loss: bool
    passed: frozenset[str]
    gradients: frozenset[str]
    parameters: frozenset[str]
    updated: bool


@dataclass(frozen=True, eq=False)
class Pass:
    """A whole pass over some rows.

    Attributes:
        trace: its numbers; gradients are those of the mean loss of the rows.
        x: the rows, [samples, features]; `rows` says which of the training rows they are.
        masks: what its dropouts multiply by; empty where nothing is dropped.
        before, after: the state around the update; `by_engine`: `after` is what the training engine made of it, and
            not the walk. `diverged`: the update leads out of the finite numbers, and `after` is as before it.
    """

    program: Program
    trace: Trace
    x: Array
    rows: NDArray[np.int64]
    masks: dict[str, Array]
    hyper: Hyper
    before: State
    after: State
    by_engine: bool
    diverged: bool
    steps: tuple[Step, ...]

    @property
    def samples(self) -> int:
        """How many rows it is over."""
        return len(self.x)

    def sample(self, row: int, symbols: Symbols) -> Sample:
        """One of its rows, counted from 0; raises IndexError where there is no such row."""
        if not 0 <= row < self.samples:
            raise IndexError(f"row {row} of {self.samples}")
        parameters = {name: found.value for name, found in self.trace.parameters.items()}
        return Sample(self.program, symbols, self.trace.values, parameters, self.masks, self.trace.targets, row)

    def instruction(self, step: Step) -> Instruction | None:
        """What a step executes; None for the loss and the update."""
        return None if step.instruction is None else self.program.instructions[step.instruction]

    @cached_property
    def new(self) -> dict[str, Array]:
        """Each parameter after the update."""
        return self.program.views(self.after.values)

    def known(self, done: int) -> Known:
        """What is known when so many of the steps are done."""
        seen = self.steps[:done]
        instructions = [self.program.instructions[step.instruction] for step in seen if step.instruction is not None]
        kinds = [step.kind for step in seen if step.instruction is not None]
        made = {one.output for one, kind in zip(instructions, kinds, strict=True) if kind == "forward"}
        back = [one for one, kind in zip(instructions, kinds, strict=True) if kind == "backward"]
        passed = {step.node for step in seen if step.kind == "backward" and step.node is not None}
        waiting = {name for step in self.steps[done:] if step.kind == "backward" for name in self._takes(step)}
        reached = {name for step in seen if step.kind == "backward" for name in self._takes(step)}
        return Known(
            frozenset({self.program.input} | made),
            any(step.kind == "loss" for step in seen),
            frozenset(passed),
            frozenset(reached - waiting),
            frozenset(name for one in back for name in one.parameters),
            any(step.kind == "update" for step in seen),
        )

    def _takes(self, step: Step) -> tuple[str, ...]:
        """The buffers that a step backward passes a gradient to."""
        one = self.instruction(step)
        return (self.program.prediction,) if one is None else one.inputs


def make_pass(
    program: Program,
    state: State,
    x: Array,
    y: Array,
    hyper: Hyper,
    *,
    engine: Engine | None = None,
    batching: Batching | None = None,
) -> Pass:
    """A pass over rows x with targets y, or, with an engine and its batching, over the batch of them that comes next.

    `state` is left as it was. Without an engine all rows are taken as they stand, nothing is dropped, and the update is
    what the walk would do. With one, x and y are all its training rows; rows and masks are those of its next update.
    The engine should be one of its own (`engines.make_engine` shares compiled code): training with it, even on a copy
    of the state, makes an engine forget the update that it could take back.
    """
    after, by_engine, diverged = state.copy(), False, False
    rows = np.arange(len(x))
    masks: dict[str, Array] = {}
    if engine is not None and batching is not None:
        rows = next_rows(engine, state, batching, len(x))
        masks = dropout.masks(program, state.seed, state.updates, len(rows))
        by_engine = True
        diverged = engine.train(after, hyper, batching, 1).diverged_at is not None
    chosen = np.ascontiguousarray(x[rows])
    with np.errstate(all="ignore"):
        traced = trace(program, state, chosen, y[rows], hyper, masks)
    if not by_engine:
        after.values[:] = program.flat({name: found.updated for name, found in traced.parameters.items()})
        diverged = not bool(np.isfinite(after.values).all())
        if diverged:
            after.restore(state)
    before = state.copy()
    return Pass(
        program, traced, chosen, rows, masks, hyper, before, after, by_engine, diverged, steps_of(program, traced)
    )


def next_rows(engine: Engine, state: State, batching: Batching, rows: int) -> NDArray[np.int64]:
    """Which of so many training rows make the batch that an engine trains next, in its order."""
    start = start_of_batch(state, batching, rows)
    order = engine.order(state, batching)
    everything = np.arange(rows) if order is None else order
    return everything[start : start + batching.size]


def steps_of(program: Program, traced: Trace) -> tuple[Step, ...]:
    """The steps in the order in which they happen; backward only where a gradient arrives."""
    numbered = list(enumerate(program.instructions))
    return (
        *(Step("forward", one.node, place) for place, one in numbered),
        Step("loss", program.loss_node),
        Step("backward", program.loss_node),
        *(Step("backward", one.node, place) for place, one in reversed(numbered) if one.output in traced.gradients),
        Step("update", None),
    )
