"""A reader of a session, which waits for what is to come, and a document to open."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from playground.document.model import DataSpec, Document, Network, Node, TrainingSpec, Wire
from playground.engine.state import State
from playground.messages import message
from playground.training.plan import Plan
from playground.ui.session import Edit, Session

PATIENCE = 20_000
ENDLESS = 1_000_000


def two_four_one(**training: Any) -> Document:
    """A 2-4-1 network on 100 points of XOR that trains until it is told to stop."""
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h1", "dense", {"units": 4}),
        Node("a1", "activation", {"function": "tanh"}),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    )
    wires = tuple(Wire(one.id, other.id) for one, other in itertools.pairwise(nodes))
    return Document(DataSpec(samples=100), Network(nodes, wires), TrainingSpec(**{"epochs": ENDLESS, **training}))


class Reader:
    """Waits for what a session shows, and keeps what it said."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self._bot = session, qtbot
        self.said: list[str] = []
        self.ended: list[Any] = []
        session.noticed.connect(lambda reason: self.said.append(str(reason)))
        session.ended.connect(self.ended.append)

    def until(self, ready: Callable[[], bool]) -> None:
        self._bot.waitUntil(ready, timeout=PATIENCE)

    def open(self, document: Document, state: State | None = None) -> None:
        self.session.open(document, state)
        self.until(lambda: self.session.snapshot is not None)

    def edit(self, edit: Edit, gesture: object | None = None) -> bool:
        return self.session.edit(message("an edit"), edit, gesture)

    def train_a_while(self, updates: int = 50) -> None:
        """Train so many updates at least, then pause."""
        start = self.state().updates
        self.session.train()
        self.until(lambda: self.session.snapshot is not None and self.session.snapshot.updates >= start + updates)
        self.session.pause()

    def capture(self) -> tuple[Plan, State]:
        """The plan and state after everything that was ordered so far."""
        got: list[tuple[Plan, State]] = []
        self.until(lambda: self.session.plan is not None and not self.session._tabulating)
        self.session.capture(lambda plan, state: got.append((plan, state)))
        self.until(lambda: bool(got))
        return got[0]

    def state(self) -> State:
        return self.capture()[1]

    def weights(self) -> dict[str, Any]:
        plan, state = self.capture()
        return {name: view.copy() for name, view in plan.program.views(state.values).items()}
