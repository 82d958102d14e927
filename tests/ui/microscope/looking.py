"""Somebody at the microscope: opens documents, steps, and waits for what is on its way."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from pytestqt.qtbot import QtBot

from playground.data.table import Array
from playground.document import edits
from playground.document.model import DataSpec, Document, Network, Node, TrainingSpec, Wire
from playground.document.presets import PRESETS
from playground.engine.passes import Pass
from playground.engine.state import State
from playground.ui.microscope.reader import Reader
from playground.ui.session import Session

PATIENCE = 20_000


def lecture(**training: object) -> Document:
    """P = w1·A + w2·B, Q = w3·P, L = ½(Q − C)², one row a batch, in order."""
    return edits.set_training(PRESETS["lecture"].document, **training) if training else PRESETS["lecture"].document


def stack(layers: int, units: int, *, dropout: float = 0.0, samples: int = 60, **training: object) -> Document:
    """2-units-…-1 on XOR with tanh between the layers."""
    nodes = [Node("in", "input", {"features": ("x1", "x2")})]
    for k in range(1, layers + 1):
        nodes += [Node(f"h{k}", "dense", {"units": units}), Node(f"a{k}", "activation", {"function": "tanh"})]
    if dropout:
        nodes.append(Node("drop", "dropout", {"rate": dropout}))
    nodes += [Node("out", "dense", {"units": 1}), Node("loss", "loss", {"function": "binary_cross_entropy"})]
    wires = tuple(Wire(one.id, other.id) for one, other in itertools.pairwise(nodes))
    return Document(
        DataSpec(samples=samples), Network(tuple(nodes), wires), TrainingSpec(**{"epochs": 10_000, **training})
    )


class Looker:
    """A person with a reader."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.bot = session, qtbot
        self.reader = Reader(session)
        self.reader.set_active(True)
        self.closing: list[Callable[[], object]] = []

    def close(self) -> None:
        for close in reversed(self.closing):
            close()
        self.reader.close()
        self.reader.deleteLater()

    def until(self, holds: Callable[[], object]) -> None:
        self.bot.waitUntil(lambda: bool(holds()), timeout=PATIENCE)

    def open(self, document: Document) -> None:
        self.session.open(document)
        self.until(lambda: self.session.snapshot is not None and self.session.settled)

    def settle(self) -> None:
        """Until the pass and the figures are those of the present weights."""
        self.until(lambda: not self.reader.waiting)
        self.state()
        self.until(lambda: not self.reader.waiting)

    def begin(self, rows: tuple[int, ...] | None = None) -> Pass:
        self.reader.begin(rows)
        self.settle()
        assert self.reader.found is not None
        return self.reader.found

    @property
    def found(self) -> Pass:
        assert self.reader.found is not None
        return self.reader.found

    def state(self) -> State:
        """The trainer's state after all that was ordered so far."""
        got: list[State] = []
        self.session.capture(lambda _plan, state: got.append(state))
        self.until(lambda: bool(got))
        return got[0]

    def weights(self) -> Array:
        return self.state().values

    def after_batches(self, document: Document, count: int) -> State:
        """What running so many batches makes of a document, in this same session."""
        self.open(document)
        for _ in range(count):
            self.session.step("batch")
        return self.state()


def same(one: State, other: State) -> bool:
    """To the bit: weights, the optimizer's own numbers, and where training stands."""
    counters = ("seed", "steps", "updates", "epoch", "batch")
    return (
        one.values.tobytes() == other.values.tobytes()
        and one.slots.keys() == other.slots.keys()
        and all(one.slots[name].tobytes() == other.slots[name].tobytes() for name in one.slots)
        and all(getattr(one, name) == getattr(other, name) for name in counters)
    )
