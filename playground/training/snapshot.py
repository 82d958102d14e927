"""What the trainer tells: a snapshot of a run for display, and events that must not get lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from playground.data.table import Array, Table
from playground.engine.health import UnitState
from playground.engine.passes import Pass
from playground.engine.program import Picture
from playground.engine.state import State
from playground.messages import Message
from playground.training.plan import Plan
from playground.training.run import Divergence, Figures


@dataclass(frozen=True)
class Snapshot:
    """A run at one moment, frozen: nothing in it is written to again.

    While it trains, the pictures of a large network (plane, maps, unit) may be those of a snapshot before, the very
    same arrays: they are renewed as often as their share of the trainer's time allows.

    Attributes:
        run: which loading of the trainer it belongs to; an older one is stale.
        running: whether it trains at this moment; `stopped`: why it ended, see `Run.stopped`.
        samples_per_second: None while it stands still.
        history: thinned rows of (epoch, training loss, test loss), [3, points].
        plane: outputs read by `metrics.probabilities` on the rows of the last `SetPlane`, [rows, outputs], float32;
            `plane_number` is that message's number. None before the first.
        values: a copy of the flat parameters.
        engine: the name of the engine that trains it.
        maps: the raw outputs of each node that `ShowMaps` asked for on the coarse rows of that `SetPlane`, one picture
            for each unit: [units, rows], float32; what is not finite is NaN.
        unit: the raw outputs of the one unit that `ShowUnit` asked for on the rows of the plane, [rows], float32; None
            where there is no such unit. `unit_of` is that order's (node, unit), so that nobody takes one for another.
        gradient: of the mean data loss over (at most `showing.EXAMINED`) training rows with the penalty, flat; renewed
            at most four times a second while it trains. None: a pass takes too long.
        states: what keeps units from learning, as of that same pass.
        steps_back: how many steps can be taken back.
        by_hand: the number of the last `SetParameter` whose effect is in it.
    """

    run: int
    plan: Plan
    running: bool
    stopped: str | None
    epoch: int
    updates: int
    figures: Figures
    samples_per_second: float | None
    history: Array
    plane: Picture | None
    plane_number: int
    values: Array
    engine: str
    maps: Mapping[str, Picture] = field(default_factory=dict)
    unit: Picture | None = None
    unit_of: tuple[str, int] | None = None
    gradient: Array | None = None
    states: tuple[UnitState, ...] = ()
    steps_back: int = 0
    by_hand: int = 0


@dataclass(frozen=True)
class Loaded:
    """A plan was made and is in place; its snapshots carry this run number."""

    run: int
    plan: Plan


@dataclass(frozen=True)
class Ended:
    """A run came to an end by itself: see `Run.stopped` and `Run.restored`.

    `starts` is how many `Go` had been carried out by then.
    """

    run: int
    stopped: str
    epoch: int
    divergence: Divergence | None = None
    starts: int = 0
    restored: int | None = None


@dataclass(frozen=True)
class Tabled:
    """The answer to `Tabulate`: the raw rows."""

    number: int
    table: Table


@dataclass(frozen=True)
class Failed:
    """The trainer could not do what it was asked; it is idle again and keeps what it had.

    `number` is that of the order, or of the present run where training itself failed.
    """

    number: int
    reason: Message


@dataclass(frozen=True)
class Captured:
    """The answer to `Capture`: a copy of the state between two updates, and the plan it belongs to."""

    run: int
    number: int
    plan: Plan
    state: State


@dataclass(frozen=True)
class Examined:
    """The answer to `Examine`; the pass is None where no such row is there, or no network."""

    run: int
    number: int
    plan: Plan | None
    found: Pass | None


Event = Tabled | Loaded | Ended | Failed | Captured | Examined
