"""Everything that a run has learned and where it stands: one plain object that training runs and formats store."""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.engine.program import Array


@dataclass
class State:
    """Weights, optimizer slots, counters and seed.

    Attributes:
        values: the parameters, one flat float64 vector laid out by the program.
        slots: the optimizer's own vectors of that same shape ("velocity"; "mean", "square"; …).
        steps: updates made by the present optimizer (Adam's t); `updates`: all of them.
        epoch: whole epochs done; `batch`: batches done in the epoch under way.
        seed: `training.seed`, from which weights, shuffle and dropout are derived.
    """

    values: Array
    seed: int
    slots: dict[str, Array] = field(default_factory=dict)
    steps: int = 0
    updates: int = 0
    epoch: int = 0
    batch: int = 0

    def copy(self) -> State:
        """A copy that shares no memory with this one."""
        slots = {name: slot.copy() for name, slot in self.slots.items()}
        return State(self.values.copy(), self.seed, slots, self.steps, self.updates, self.epoch, self.batch)

    def restore(self, other: State) -> None:
        """Go back to a copy made earlier, keeping the array of values (views into it stay good)."""
        self.values[...] = other.values
        self.slots = {name: slot.copy() for name, slot in other.slots.items()}
        self.seed, self.steps, self.updates = other.seed, other.steps, other.updates
        self.epoch, self.batch = other.epoch, other.batch
