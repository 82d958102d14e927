"""What a changed network keeps of what was learned: every parameter of the same name and shape."""

from __future__ import annotations

import numpy as np

from playground.data.table import Array
from playground.engine.program import Program
from playground.engine.state import State

#: Parameters seen in a session, by name and shape: also those of nodes deleted since, so that undo brings them back.
Kept = dict[tuple[str, tuple[int, ...]], Array]


def keep(kept: Kept, program: Program, state: State) -> None:
    """Remember every parameter of a state."""
    for name, view in program.views(state.values).items():
        kept[name, view.shape] = view.copy()


def carry(kept: Kept, old: Program, state: State, new: Program, initial: State) -> State:
    """The state of a changed network: kept parameters, else initial ones; optimizer slots and counters go along.

    A parameter without slots of its own yet starts them at 0. The place in the epoch is kept:
    whoever changes the training rows sets `batch` to 0.
    """
    result = initial.copy()
    for name, view in new.views(result.values).items():
        if (name, view.shape) in kept:
            view[...] = kept[name, view.shape]
    for slot, vector in state.slots.items():
        before = old.views(vector)
        result.slots[slot] = np.zeros(new.size)
        for name, view in new.views(result.slots[slot]).items():
            if name in before and before[name].shape == view.shape:
                view[...] = before[name]
    result.steps, result.updates = state.steps, state.updates
    result.epoch, result.batch = state.epoch, state.batch
    return result
