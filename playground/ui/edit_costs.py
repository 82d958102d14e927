"""What an edit costs the window, measured on the real one with everything open.

Each figure is processor time of the window's own thread, so that other programs and the trainer are left out; a handler
may take 8 ms, painting 16. `bench.canvas` runs it; it is here because no other room than this one knows Qt.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QSettings, Qt

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.messages import Message
from playground.ui.app import application
from playground.ui.canvas import actions, templates
from playground.ui.canvas.moving import MoveGesture
from playground.ui.canvas.placeable import PLACEABLES, TEMPLATES
from playground.ui.main_window import MainWindow
from playground.ui.settings import Settings

#: Seconds after which a network that has not begun to work is given up.
_PATIENCE = 60.0
_SIZE = 1280, 800


@dataclass
class Costs:
    """Milliseconds of each repetition: the edit, the first painting after it, and the same of its undo."""

    edit: list[float] = field(default_factory=list)
    paint: list[float] = field(default_factory=list)
    undo: list[float] = field(default_factory=list)
    paint_undo: list[float] = field(default_factory=list)


def crowd(lanes: int = 9, depth: int = 11, units: int = 4) -> Document:
    """Lanes of dense and tanh side by side, joined by a concat: 202 nodes and 1,981 lines of weights.

    Nobody has placed them, which is the worst case: each edit of the wiring lays all of them out anew.
    """
    nodes, wires, ends = [Node("in", "input", {"features": ("x1", "x2")})], [], []
    for lane in range(lanes):
        before = "in"
        for step in range(depth):
            layer, curve = f"h{lane}_{step}", f"a{lane}_{step}"
            nodes += [Node(layer, "dense", {"units": units}), Node(curve, "activation", {"function": "tanh"})]
            wires += [Wire(before, layer), Wire(layer, curve)]
            before = curve
        ends.append(before)
    loss = Node("loss", "loss", {"function": "binary_cross_entropy"})
    nodes += [Node("cat", "concat"), Node("out", "dense", {"units": 1}), loss]
    wires += [*(Wire(end, "cat") for end in ends), Wire("cat", "out"), Wire("out", "loss")]
    return Document(network=Network(tuple(nodes), tuple(wires)))


class _Hands:
    """What is done to the window, each time at another place."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._session = window, window.session
        self._dice = random.Random(1)

    def _one(self, kind: str) -> str:
        nodes = self._session.document.network.nodes
        return self._dice.choice([node.id for node in nodes if node.kind == kind and node.id != "out"])

    def _wire(self) -> Wire:
        return self._dice.choice([wire for wire in self._session.document.network.wires if wire.target != "loss"])

    def select(self) -> None:
        self._session.select([self._one("dense")])

    def move(self) -> None:
        id = self._one("dense")
        rect = self._window.canvas.canvas_scene.rects[id]
        places = {id: (rect.x() + 40.0, rect.y() + 12.0)}
        actions.move(self._session, places, shown=self._window.canvas.shown_places())

    def units(self) -> None:
        actions.change_units(self._session, self._one("dense"), +1)

    def toggle(self) -> None:
        actions.toggle(self._session, self._one("activation"))

    def rename(self) -> None:
        actions.rename(self._session, self._one("dense"), f"n{self._dice.randrange(10**6)}")

    def add(self) -> None:
        actions.add(self._session, PLACEABLES["dense"], after=self._one("dense"))

    def insert(self) -> None:
        actions.insert(self._session, PLACEABLES["tanh"], self._wire())

    def drop(self) -> None:
        at = -float(self._dice.randrange(600)), -float(self._dice.randrange(300, 900))
        actions.place(self._session, PLACEABLES["dense"], at, self._window.canvas.shown_places())

    def delete(self) -> None:
        actions.delete(self._session, [self._one("activation")])

    def connect(self) -> None:
        fed = {wire.target for wire in self._session.document.network.wires if wire.source == "in"}
        id = next(id for id in iter(lambda: self._one("dense"), "") if id not in fed or len(fed) == 1)
        actions.connect(self._session, "in", id)

    def disconnect(self) -> None:
        actions.disconnect(self._session, self._wire())

    def duplicate(self) -> None:
        actions.duplicate(self._session, [self._one("dense")])

    def block(self) -> None:
        templates.use(self._session, TEMPLATES["residual"], after=self._one("dense"))

    def paste(self) -> None:
        actions.duplicate(self._session, [node.id for node in self._session.document.network.nodes][20:70])

    def select_none(self) -> None:
        self._session.select(())

    def select_all(self) -> None:
        self._window.canvas.select_all()

    def begin_drag(self) -> None:
        """Take all cards a little aside; to be dropped yet."""
        self.select_all()
        view = self._window.canvas
        start = view.canvas_scene.rects["h0_0"].center()
        gesture = MoveGesture(view, start, "h0_0")
        view.begin(gesture)
        for step in (8.0, 16.0, 24.0):
            gesture.move(start + QPointF(step, 40.0), Qt.KeyboardModifier.ControlModifier)

    def end_drag(self) -> None:
        view = self._window.canvas
        assert view.gesture is not None, "a drag has begun"
        view.finish_gesture(view.gesture.start + QPointF(40.0, 40.0), Qt.KeyboardModifier.ControlModifier)

    def scatter(self) -> None:
        """Put every card anywhere."""
        nodes, dice = self._session.document.network.nodes, self._dice
        places = {node.id: (dice.uniform(-4000.0, 4000.0), dice.uniform(-3000.0, 3000.0)) for node in nodes}
        self._session.edit(Message("scatter"), lambda document: edits.move(document, places))

    def tidy(self) -> None:
        actions.tidy(self._session)


Hand = Callable[[_Hands], None]
#: What is measured, and what comes before it each time.
EDITS: Mapping[str, tuple[Hand, Hand | None]] = {
    "select a card": (_Hands.select, None),
    "select all": (_Hands.select_all, _Hands.select_none),
    "rename": (_Hands.rename, None),
    "switch an activation": (_Hands.toggle, None),
    "a unit more": (_Hands.units, None),
    "move a card": (_Hands.move, None),
    "drop all cards": (_Hands.end_drag, _Hands.begin_drag),
    "drop from the palette": (_Hands.drop, None),
    "add after a layer": (_Hands.add, None),
    "insert on a wire": (_Hands.insert, None),
    "delete": (_Hands.delete, None),
    "connect": (_Hands.connect, None),
    "disconnect": (_Hands.disconnect, None),
    "duplicate": (_Hands.duplicate, None),
    "residual block": (_Hands.block, None),
    "tidy scattered cards": (_Hands.tidy, _Hands.scatter),
    "duplicate 50 cards": (_Hands.paste, None),
}


@contextmanager
def opened(document: Document) -> Iterator[MainWindow]:
    """The window with a document at work; settings of the user are neither read nor changed."""
    app = application()
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(Settings(store), preset=None)
        try:
            window.resize(*_SIZE)
            window.show()
            window.set_more(True)
            window.files.open_document(document)
            _rest(window)
            yield window
        finally:
            window.shut_down()
            window.close()
            window.deleteLater()
            app.processEvents()


def measured(window: MainWindow, runs: int) -> dict[str, Costs]:
    """Each edit so many times, each from the document that was opened."""
    hands, stack, found = _Hands(window), window.session.undo_stack, {}
    for name, (edit, before) in EDITS.items():
        costs = found[name] = Costs()
        for _ in range(runs):
            stack.setIndex(0)
            if before is not None:
                before(hands)
            _rest(window)
            index = stack.index()
            costs.edit.append(_spent(partial(edit, hands)))
            costs.paint.append(_spent(window.canvas.viewport().repaint))
            if stack.index() > index:
                _rest(window)
                costs.undo.append(_spent(stack.undo))
                costs.paint_undo.append(_spent(window.canvas.viewport().repaint))
        stack.setIndex(0)
        window.session.select(())
    return found


def _spent(what: Callable[[], object]) -> float:
    """Milliseconds of this thread's processor time."""
    began = time.thread_time()
    what()
    return (time.thread_time() - began) * 1e3


def _rest(window: MainWindow) -> None:
    """Until the trainer has taken the network up and nothing moves any more: a person is no faster."""
    app, end, quiet = application(), time.monotonic() + _PATIENCE, 0
    while quiet < 20 and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.004)
        quiet = quiet + 1 if window.session.settled else 0
