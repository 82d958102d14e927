"""What the trainer can be told: frozen orders, carried out one after the other between two chunks of work."""

from __future__ import annotations

from dataclasses import dataclass

from playground.data.table import Array, Table
from playground.document.model import DataSpec, Document
from playground.engine.state import State
from playground.training.plan import Rules


@dataclass(frozen=True)
class Load:
    """Take up a document: `fresh`, from its initial weights or `state`, or else with parameters carried over."""

    run: int
    document: Document
    table: Table
    fresh: bool
    state: State | None = None


@dataclass(frozen=True)
class Tabulate:
    """Make the raw rows that a document's data stands for, off the window's thread."""

    number: int
    data: DataSpec


@dataclass(frozen=True)
class Go:
    """Train from here on, for as many epochs as the rules say: those given, else those of before."""

    rules: Rules | None = None


@dataclass(frozen=True)
class Pause:
    """Stop between two batches; a snapshot follows."""


@dataclass(frozen=True)
class Step:
    """Train one "batch", or to the end of the "epoch" under way, and stand still."""

    what: str


@dataclass(frozen=True)
class Reset:
    """Back to the document's initial weights, epoch 0, standing still."""


@dataclass(frozen=True)
class Change:
    """Go on under other rules, the weights kept."""

    rules: Rules


@dataclass(frozen=True)
class SetPlane:
    """Evaluate the network on these inputs, [rows, features], scaled, for every snapshot from now on.

    `coarse` are fewer rows of the same plane, for the maps of single units.
    """

    number: int
    inputs: Array
    coarse: Array | None = None


@dataclass(frozen=True)
class ShowMaps:
    """Evaluate the outputs of these nodes on the coarse plane for every snapshot from now on."""

    nodes: tuple[str, ...]


@dataclass(frozen=True)
class ShowUnit:
    """Evaluate one unit of a node on the plane for every snapshot from now on; None: no longer."""

    unit: tuple[str, int] | None


@dataclass(frozen=True)
class SetParameter:
    """Put a number in place of one of a parameter's: of the present network, or of what is kept of earlier ones.

    Snapshots tell by `number` how far such orders were carried out; it rises from one to the next.
    """

    name: str
    index: tuple[int, ...]
    value: float
    number: int = 0


@dataclass(frozen=True)
class Capture:
    """Answer with a whole copy of the state."""

    number: int


@dataclass(frozen=True)
class Examine:
    """Answer with a pass over these training rows, counted in data order; over the batch that comes next where None."""

    number: int
    rows: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Back:
    """Take back the last step that was told, or all that are remembered, and stand still; nothing if there is none."""

    all_steps: bool = False


@dataclass(frozen=True)
class Quit:
    """End the thread."""


Order = (
    Tabulate
    | Load
    | Go
    | Pause
    | Step
    | Reset
    | Change
    | SetPlane
    | ShowMaps
    | ShowUnit
    | SetParameter
    | Capture
    | Examine
    | Back
    | Quit
)
