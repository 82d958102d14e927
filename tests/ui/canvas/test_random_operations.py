"""Whatever is done on the canvas, in any order: nothing raises, and undo leads back to the very document of the start.

Somebody presses everything, with a real session, its trainer, a canvas and an outline that are shown. After every
operation what is shown must be what the document says, and the document one that no rule forbids.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.document import edits, fragment
from playground.document.catalog import DATA_FIELDS, TRAINING_FIELDS, kind_of
from playground.document.check import problems
from playground.document.model import Document, Node, Wire
from playground.document.presets import PRESETS
from playground.document.shapes import order
from playground.formats.project import project_json, read_project
from playground.messages import message
from playground.ui.canvas import actions, templates
from playground.ui.canvas.placeable import PLACEABLES, TEMPLATES
from playground.ui.canvas.scene import CanvasScene
from playground.ui.canvas.view import CanvasView
from playground.ui.canvas.views import VIEWS
from playground.ui.outline import Outline
from playground.ui.outline_rows import Key
from playground.ui.session import Session

OPERATIONS, SEED = 5_000, 4
#: More nodes than this are not let be: one deletes some, so that the run stays among networks that people build.
MOST = 20
OPENED = ("xor", "circle", "single-neuron", "lecture")
ODD: tuple[Any, ...] = (
    0, 1, -1, 2, 3, 7, 0.5, 1e-9, 1e300, float("nan"), float("inf"), 10**30, True, False, None, "", "tanh", "relu",
    "zeros", "값", (), ("x1",), ("x1", "x2"), ("x1", "x1"), ["x2"], {"a": 1}, b"x",
)  # fmt: skip
JUNK = (
    "", " ", "null", "[]", "{}", "hello", "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    '{"format": "backprop-playground-fragment"}', '{"format": "backprop-playground-fragment", "version": 9}',
    '{"format": "backprop-playground-fragment", "version": 1, "nodes": [{"id": "a", "kind": "dense"}], '
    '"wires": [["a", "a"]]}',
    '{"format": "backprop-playground-fragment", "version": 1, "nodes": [{"id": "a", "kind": "?", "z": [1]}]}',
    '{"format": "backprop-playground-fragment", "version": 1, "nodes": [{"id": "a", "kind": "dense", "units": -3}]}',
    '{"format": "backprop-playground-fragment", "version": 1, "nodes": [{"id": "a", "kind": "?", "z": 1e999}]}',
    '{"format": "backprop-playground-fragment", "version": 1, "nodes": [{"id": "a", "kind": "dense"}], '
    '"parameters": {"a": {"weight": "x", "bias": [1]}}}',
)  # fmt: skip


class Player:
    """One seed, one sequence of operations."""

    def __init__(self, view: CanvasView, outline: Outline, seed: int) -> None:
        self.view, self.session, self.outline = view, view.session, outline
        self.dice = random.Random(seed)
        self.start = self.session.document
        self.done: dict[str, int] = {}
        self.numbers_set = 0
        self.operations: dict[Callable[[], object], int] = {
            self.add: 12, self.place: 6, self.insert: 6, self.template: 6, self.delete: 12, self.remove_many: 4,
            self.connect: 12, self.disconnect: 6, self.move: 12, self.tidy: 1, self.paste: 6, self.junk: 6,
            self.duplicate: 6, self.cut: 6, self.rename: 6, self.toggle: 12, self.units: 12, self.set_field: 12,
            self.set_spec: 6, self.set_parameter: 12, self.mend: 6, self.undo: 12, self.redo: 6, self.drag: 6,
            self.press_key: 6, self.select: 6, self.type_in_outline: 6, self.unfold: 12, self.train: 1, self.open: 1,
            self.freeze: 4, self.wait: 6, self.change_view: 2, self.fold: 4,
        }  # fmt: skip

    def act(self) -> None:
        if len(self.nodes()) > MOST:
            self.remove_many()
            return
        (operation,) = self.dice.choices(list(self.operations), list(self.operations.values()))
        self.done[operation.__name__] = self.done.get(operation.__name__, 0) + 1
        operation()

    # --- what there is -----------------------------------------------------------------------------

    def nodes(self, *kinds: str) -> list[str]:
        return [node.id for node in self.session.document.network.nodes if not kinds or node.kind in kinds]

    def one(self, things: Any) -> Any:
        things = list(things)
        return self.dice.choice(things) if things else None

    def some(self) -> list[str]:
        ids = self.nodes()
        return self.dice.sample(ids, min(len(ids), self.dice.randint(0, 3)))

    def wire(self) -> Wire | None:
        return self.one(self.session.document.network.wires)

    def point(self) -> tuple[float, float]:
        far = self.dice.random() < 0.1
        reach = 1e7 if far else 800.0
        return self.dice.uniform(-reach, reach), self.dice.uniform(-reach, reach)

    # --- operations --------------------------------------------------------------------------------

    def add(self) -> None:
        actions.add(self.session, self.one(PLACEABLES.values()), self.one([None, *self.nodes()]))

    def place(self) -> None:
        actions.place(self.session, self.one(PLACEABLES.values()), self.point())

    def insert(self) -> None:
        wire = self.wire()
        if wire is not None:
            actions.insert(self.session, self.one(PLACEABLES.values()), wire, self.one([None, self.point()]))

    def template(self) -> None:
        whole = self.dice.random() < 0.05 or len(self.nodes()) < 3
        rows = [row for row in TEMPLATES.values() if (row.hidden is not None) == whole]
        wire = self.wire() if not whole and self.dice.random() < 0.5 else None
        templates.use(self.session, self.one(rows), self.one([None, *self.nodes()]), wire)

    def delete(self) -> None:
        actions.delete(self.session, self.some()[:1])

    def remove_many(self) -> None:
        ids = self.nodes()
        actions.delete(self.session, self.dice.sample(ids, len(ids) // 2))

    def connect(self) -> None:
        ids = self.nodes()
        if ids:
            actions.connect(self.session, self.dice.choice(ids), self.dice.choice(ids))

    def disconnect(self) -> None:
        wire = self.wire()
        if wire is not None:
            actions.disconnect(self.session, wire)

    def move(self) -> None:
        gesture = object()
        for _ in range(self.dice.randint(1, 3)):
            actions.move(self.session, {id: self.point() for id in self.some()}, gesture)

    def paste(self) -> None:
        if self.dice.random() < 0.5:
            actions.copy(self.session, self.some())
        actions.paste(self.session)

    def junk(self) -> None:
        whole = fragment.copy(self.session.document, self.nodes())
        torn = whole[: self.dice.randint(0, len(whole))]
        actions.paste(self.session, self.dice.choice([*JUNK, torn, torn[::-1]]))

    def duplicate(self) -> None:
        actions.duplicate(self.session, self.some())

    def cut(self) -> None:
        actions.cut(self.session, self.some())

    def rename(self) -> None:
        id = self.one(self.nodes())
        if id is not None:
            actions.rename(self.session, id, self.dice.choice(["", "은닉층", " a  b ", "x" * 200, "{name}", "100 %"]))

    def toggle(self) -> None:
        id = self.one(self.nodes("activation"))
        if id is not None:
            actions.toggle(self.session, id)

    def units(self) -> None:
        ids = self.nodes()
        if ids:
            actions.change_units(self.session, self.dice.sample(ids, min(len(ids), 2)), self.dice.choice([-1, 1, 1, 5]))

    def set_field(self) -> None:
        id = self.one(self.nodes())
        if id is None:
            return
        fields = [field.key for field in kind_of(self.session.document.network.node(id)).fields]
        key, value = self.dice.choice([*fields, *fields, "nonsense"]), self.dice.choice(ODD)
        self.session.edit(message("set"), lambda document: edits.set_field(document, id, key, value))

    def set_spec(self) -> None:
        change, fields = self.one([(edits.set_training, TRAINING_FIELDS), (edits.set_data, DATA_FIELDS)])
        key, value = self.one(fields).key, self.dice.choice(ODD)
        if key == "samples":
            value = self.dice.choice([value, 20, 50, 90]) if not isinstance(value, float) else 30
        self.session.edit(message("set"), lambda document: change(document, **{key: value}))

    def drag(self) -> None:
        """With the mouse, from anywhere to anywhere: cards, ports, wires, the canvas."""
        view, scene = self.view, self.view.canvas_scene
        corners = [rect.topLeft() + QPointF(12.0, 12.0) for rect in scene.rects.values()]
        ports = [QPointF(rect.right(), rect.center().y()) for rect in scene.rects.values()]
        places = [view.mapFromScene(point) for point in (*corners, *ports)]
        places = [place for place in places if view.viewport().rect().contains(place)]
        places += [view.viewport().rect().center()]
        start, end = self.dice.choice(places), self.dice.choice(places)
        held = self.dice.choice([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, held, start)
        QTest.mouseMove(view.viewport(), (start + end) / 2)
        QTest.mouseMove(view.viewport(), end)
        if self.dice.random() < 0.2:
            QTest.keyClick(view, Qt.Key.Key_Escape)
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, held, end)

    def press_key(self) -> None:
        keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Delete,
                Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Home, Qt.Key.Key_Escape)  # fmt: skip
        held = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier)
        widget = self.dice.choice([self.view, self.outline.tree])
        QTest.keyClick(widget, self.dice.choice(keys), self.dice.choice(held))

    def select(self) -> None:
        self.session.select(self.some())
        self.view.select_wire(self.one([None, *self.session.document.network.wires]))

    def mend(self) -> None:
        remedies = [problem.remedy for problem in self.session.problems if problem.remedy is not None]
        remedy = self.one(remedies)
        if remedy is not None:
            self.session.edit(remedy.label, remedy.apply)

    def tidy(self) -> None:
        actions.tidy(self.session)

    def undo(self) -> None:
        for _ in range(self.dice.randint(1, 4)):
            self.session.undo_stack.undo()

    def redo(self) -> None:
        for _ in range(self.dice.randint(1, 4)):
            self.session.undo_stack.redo()

    def set_parameter(self) -> None:
        """A number of the network that is in training, or of none."""
        snapshot = self.session.snapshot
        known = [(one.name, one.shape) for one in snapshot.plan.program.parameters] if snapshot is not None else []
        name, shape = self.dice.choice([*known, *known, ("h1.weight", (4, 4)), ("gone.bias", (2,))])
        at = tuple(self.dice.randrange(side) for side in shape)
        value = self.dice.choice([0.0, -0.5, 3.25, 1e-12, 1e7, float("nan"), float("-inf")])
        self.numbers_set += self.session.set_parameter(name, at, value)

    def freeze(self) -> None:
        id = self.one(self.nodes("dense"))
        if id is not None:
            at, frozen = (self.dice.randint(0, 3), self.dice.randint(0, 3)), self.dice.random() < 0.7
            self.session.edit(message("freeze"), lambda document: edits.freeze_weight(document, id, *at, frozen))

    def change_view(self) -> None:
        self.view.set_view(self.dice.choice(VIEWS))

    def fold(self) -> None:
        id = self.one(self.nodes("dense", "activation"))
        if id is not None:
            self.view.toggle_fold(id)

    def wait(self) -> None:
        """Until the trainer has said something new, if it has anything to say."""
        time.sleep(0.002)
        self.session.tick()

    def type_in_outline(self) -> None:
        """What is typed into a row, whatever it is."""
        model = self.outline.model
        index = model.index(self.dice.randint(0, 30), 0)
        while index.isValid() and model.rowCount(index) and self.dice.random() < 0.7:
            index = model.index(self.dice.randrange(model.rowCount(index)), 0, index)
        if index.isValid():
            text = self.dice.choice(["0.5", "−1,5", "nan", "", "이름", "1e999"])
            model.setData(index.siblingAtColumn(self.dice.randint(0, 1)), text)

    def unfold(self) -> None:
        tree, model = self.outline.tree, self.outline.model
        index = QModelIndex()
        for _ in range(self.dice.randint(1, 3)):
            if model.rowCount(index):
                index = model.index(self.dice.randrange(model.rowCount(index)), 0, index)
                tree.setExpanded(index, self.dice.random() < 0.7)
        if index.isValid():
            tree.setCurrentIndex(index)

    def train(self) -> None:
        if not self.session.train():
            self.session.step(self.dice.choice(["batch", "epoch"]))
        self.dice.choice([self.session.pause, self.session.reset, lambda: None])()

    def open(self) -> None:
        """Another document; before it goes, everything is undone."""
        self.undo_all()
        self.session.open(PRESETS[self.dice.choice(OPENED)].document)
        self.start = self.session.document
        for _ in range(200):
            self.wait()
            if self.session.snapshot is not None:
                break

    # --- what must hold ----------------------------------------------------------------------------

    def undo_all(self) -> None:
        """Back to the very document of the start."""
        stack, text = self.session.undo_stack, project_json(self.start)
        while stack.canUndo():
            stack.undo()
        assert self.session.document == self.start
        assert project_json(self.session.document) == text
        self.check()

    def check(self) -> None:
        document, scene = self.session.document, self.view.canvas_scene
        network = document.network
        ids, wires = {node.id for node in network.nodes}, set(network.wires)
        assert len(ids) == len(network.nodes), "ids are unique"
        assert len(wires) == len(network.wires), "no wire comes twice"
        assert all(wire.source in ids and wire.target in ids for wire in wires), "no wire leads nowhere"
        assert len(order(network)) == len(ids), "no loop"
        assert set(scene.cards) == set(scene.faces) == set(scene.rects) == ids
        assert set(scene.wires.courses) == wires
        assert self.session.selection <= ids
        assert all(abs(place) < 1e9 for rect in scene.rects.values() for place in (rect.x(), rect.y()))
        found = problems(document, self.session.table)
        assert all(str(problem.message) and (problem.node is None or problem.node in ids) for problem in found)
        self._check_outline(document)

    def check_afresh(self) -> None:
        """What edits have left as it was, and what was worked out of each node before, is what it would be anew."""
        shown, document, table = self.view.canvas_scene, self.session.document, self.session.table
        network = document.network
        nodes = tuple(Node(node.id, node.kind, node.fields, node.name, node.position) for node in network.nodes)
        anew = replace(document, network=replace(network, nodes=nodes))
        assert problems(anew, table) == problems(document, table)
        scene = CanvasScene()
        scene.manner = shown.manner
        scene.show(anew, shown.problems)
        assert looks(shown) == looks(scene)
        scene.clear()

    def _check_outline(self, document: Document) -> None:
        model = self.outline.model
        keys = [model.key(model.index(row, 0)) for row in range(model.rowCount())]
        assert [key.node for key in keys if key.part == "node"] == list(order(document.network))
        for id in self.session.selection:
            index = model.find(Key("node", id))
            children = [model.key(model.index(row, 0, index)) for row in range(model.rowCount(index))]
            fed = [key.source for key in children if key.part == "wire"]
            assert fed == list(document.network.sources(id))
            assert model.data(index, Qt.ItemDataRole.AccessibleTextRole)


def looks(scene: CanvasScene) -> dict[str, object]:
    """Everything that a canvas shows of a document."""
    courses = {wire: (course.docked, course.strands.tolist()) for wire, course in scene.wires.courses.items()}
    return {
        "faces": scene.faces,
        "cards": {id: (card.face, card.pos(), card.rect, card.look.docked_left, card.look.docked_right)
                  for id, card in scene.cards.items()},
        "notes": {id: (note.note, note.rect) for id, note in scene.notes.items()},
        "wires": (courses, scene.wires.captions),
        "contents": scene.contents(),
    }  # fmt: skip


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[tuple[CanvasView, Outline]]:
    session = Session(PRESETS["xor"].document)
    view = CanvasView(session)
    outline = Outline(session, view)
    for widget in (view, outline):
        qtbot.addWidget(widget)
        widget.resize(700, 500)
        widget.show()
    qtbot.waitUntil(lambda: session.table is not None, timeout=10_000)
    yield view, outline
    view.cancel_gesture()
    session.close()
    view.close()
    outline.close()


def test_that_no_sequence_of_operations_fails_and_undo_leads_back(
    shown: tuple[CanvasView, Outline], qtbot: QtBot, qtlog: Any
) -> None:
    view, outline = shown
    player, warned = Player(view, outline, SEED), len(qtlog.records)
    QGuiApplication.clipboard().clear()
    for step in range(OPERATIONS):
        player.act()
        player.check()
        if step % 10 == 0:
            player.check_afresh()
        if step % 25 == 0:
            view.viewport().repaint()
            outline.tree.viewport().repaint()
        if step % 250 == 0:
            qtbot.wait(1)
            project = read_project(project_json(view.session.document))
            assert project_json(project.document) == project_json(view.session.document), "what is saved is what opens"
    end, here = view.session.document, view.session.undo_stack.index()
    player.undo_all()
    view.session.undo_stack.setIndex(here)
    assert view.session.document == end, "and redo to the last one"
    player.check()
    player.check_afresh()
    assert player.numbers_set >= 5
    assert min(player.done.get(operation.__name__, 0) for operation in player.operations) >= 5
    assert [str(record) for record in qtlog.records[warned:]] == []
