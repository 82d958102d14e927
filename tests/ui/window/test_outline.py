"""The outline: what a screen reader hears of each row, and every edit of the canvas by its keys and menus alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from driving import CTRL, SHIFT
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from playground.document import edits
from playground.document.frozen import is_frozen
from playground.document.model import Document, Wire
from playground.document.presets import PRESETS
from playground.document.shapes import order
from playground.messages import message
from playground.ui.canvas.view import CanvasView
from playground.ui.outline import Outline
from playground.ui.outline_rows import Key
from playground.ui.session import Session
from playground.ui.theme import themes
from playground.ui.translation import set_language

K = Qt.Key
PATIENCE = 10_000
SPOKEN, CHECKED = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.CheckStateRole


class Reader:
    """Somebody who hears the outline and has only its keys."""

    def __init__(self, outline: Outline, qtbot: QtBot) -> None:
        self.outline, self.session, self.tree, self.model = outline, outline.session, outline.tree, outline.model
        self.said: list[str] = []
        self.session.noticed.connect(lambda words: self.said.append(str(words)))
        self._bot = qtbot

    def until(self, holds: Callable[[], object]) -> None:
        self._bot.waitUntil(lambda: bool(holds()), timeout=PATIENCE)

    def settles(self) -> None:
        """Until the network as it stands is in the trainer and its figures are here."""
        session = self.session
        self.until(
            lambda: (
                session.snapshot is not None
                and session.settled
                and session.snapshot.plan.document.network == session.document.network
            )
        )

    def edit(self, edit: Callable[[Document], Document]) -> None:
        assert self.session.edit(message("an edit"), edit)

    def go(self, part: str, node: str = "", source: str = "", at: tuple[int, ...] = ()) -> None:
        key = Key(part, node, source, at)  # type: ignore[arg-type]
        self.outline.go_to(key)
        assert self.outline.current == key

    def hears(self, column: int = 0) -> str:
        return self.tree.currentIndex().siblingAtColumn(column).data(SPOKEN)

    def rows(self, index: QModelIndex | None = None) -> list[str]:
        parent = index if index is not None else QModelIndex()
        return [self.model.index(row, 0, parent).data() for row in range(self.model.rowCount(parent))]

    def below(self, id: str) -> list[str]:
        return self.rows(self.model.find(Key("node", id)))

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.tree, key, modifiers)

    def types(self, text: str) -> None:
        """F2, the text, Enter."""
        self.key(K.Key_F2)
        (field,) = [field for field in self.tree.findChildren(QLineEdit) if field.isVisible()]
        assert field.accessibleName()
        assert field.selectedText() == field.text()
        composed = QInputMethodEvent("", [])
        composed.setCommitString(text)
        QApplication.sendEvent(field, composed)
        QTest.keyClick(field, K.Key_Return)
        self.until(lambda: not [field for field in self.tree.findChildren(QLineEdit) if field.isVisible()])

    def menu(self) -> QMenu:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def chooses(self, *path: str) -> None:
        """An entry of the open menu, by its words."""
        opened = menu = self.menu()
        for words in path:
            menu.aboutToShow.emit()
            action = next(action for action in menu.actions() if action.text().split("\t")[0] == words)
            assert action.isEnabled(), words
            menu = action.menu()  # type: ignore[assignment]
        action.trigger()
        opened.close()

    def offered(self) -> list[str]:
        menu = self.menu()
        words = [action.text().split("\t")[0] for action in menu.actions() if not action.isSeparator()]
        menu.close()
        return words

    def ids(self) -> list[str]:
        return [node.id for node in self.session.document.network.nodes]

    def wires(self) -> set[tuple[str, str]]:
        return {(wire.source, wire.target) for wire in self.session.document.network.wires}


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[Reader]:
    set_language("en")
    themes.choose("light")
    session = Session(PRESETS["xor"].document)
    canvas = CanvasView(session)
    outline = Outline(session, canvas)
    for widget in (canvas, outline):
        qtbot.addWidget(widget)
        widget.resize(500, 500)
        widget.show()
    outline.activateWindow()
    outline.tree.setFocus()
    reader = Reader(outline, qtbot)
    reader.settles()
    yield reader
    canvas.cancel_gesture()
    session.close()
    outline.close()
    canvas.close()
    set_language("en")
    themes.choose("light")


# --- what is heard ---------------------------------------------------------------------------------


def test_that_each_node_is_heard_as_values_flow(reader: Reader) -> None:
    interface = QAccessible.queryAccessibleInterface(reader.tree)
    assert interface.text(QAccessible.Text.Name) == "Outline of the network"
    heard = [interface.child(index).text(QAccessible.Text.Name) for index in range(interface.childCount())]
    assert "Input. x₁, x₂. 2 values" in heard
    assert "Dense 4. 4 values. fed by Input" in heard
    assert "tanh. Activation. on. 4 values. fed by Dense 4" in heard
    assert "Dense 1. 1 value. fed by tanh" in heard
    assert "Loss. binary cross-entropy. 1 value. fed by Dense 1" in heard


def test_that_problems_are_heard_with_their_node_and_mended_by_enter(reader: Reader) -> None:
    reader.edit(lambda document: edits.set_field(document, "out", "units", 3))
    reader.go("node", "out")
    assert reader.hears() == (
        "Dense 3. 3 values. fed by tanh. 1 problem: Dense 3 gives 3 values, Loss expects 1. Set Dense to 1."
    )
    reader.go("problem", "out", at=(0,))
    assert reader.hears() == ("Problem: Dense 3 gives 3 values, Loss expects 1. Set Dense to 1. Enter: Set Dense to 1")
    reader.key(K.Key_Return)
    assert reader.session.document.network.node("out").fields["units"] == 1
    reader.session.edit(message("clear"), edits.clear)
    assert reader.rows() == ["The canvas is empty. Begin with an Input."]
    reader.go("problem", at=(0,))
    reader.key(K.Key_Return)
    assert reader.rows()[-1] == "Input"


def test_that_units_biases_and_weights_are_heard_with_the_numbers_of_this_moment(reader: Reader) -> None:
    assert reader.below("h1") == ["from Input", "Unit 1", "Unit 2", "Unit 3", "Unit 4"]
    reader.go("unit", "h1", at=(1,))
    assert reader.rows(reader.tree.currentIndex()) == ["Bias", "Weight of x₁", "Weight of x₂"]
    reader.session.train_for(2)
    reader.until(lambda: not reader.session.running)
    reader.settles()
    snapshot = reader.session.snapshot
    weights = snapshot.plan.program.views(snapshot.values)["h1.weight"]
    reader.go("weight", "h1", at=(1, 2))
    shown = f"{weights[1, 2]:.4f}".replace("-", "−")
    assert reader.hears(1) == shown
    assert reader.hears() == f"Weight of x₂ {shown}. Unit 3 of Dense 4"
    reader.go("weight", "out", at=(2, 0))
    assert reader.hears().startswith("Weight of tanh 3 ")


def test_that_what_keeps_a_node_from_learning_is_heard(reader: Reader) -> None:
    reader.edit(lambda document: edits.set_field(document, "a1", "function", "relu"))
    reader.settles()
    reader.go("bias", "h1", at=(1,))
    reader.types("-1000")
    reader.go("node", "a1")
    dead = "Unit 2 is inactive on 100 % of the rows: no gradient reaches it"
    reader.until(lambda: dead in reader.hears())


def test_that_every_word_changes_with_the_language_and_every_colour_with_the_theme(reader: Reader) -> None:
    reader.go("node", "h1")
    set_language("ko")
    assert reader.hears() != "Dense 4. 4 values. fed by Input"
    assert "밀집층 4" in reader.hears()
    set_language("en")
    assert reader.hears() == "Dense 4. 4 values. fed by Input"
    light = reader.tree.grab().toImage()
    themes.choose("dark")
    dark = reader.tree.grab().toImage()
    assert light.pixelColor(250, 480) == themes_surface("light")
    assert dark.pixelColor(250, 480) == themes_surface("dark")


def themes_surface(name: str) -> object:
    from playground.ui.theme import THEMES

    return THEMES[name].surface


# --- edits -----------------------------------------------------------------------------------------


def test_that_a_weight_is_typed_and_undone(reader: Reader) -> None:
    reader.go("weight", "h1", at=(0, 3))
    number = reader.model.content.number(reader.outline.current)
    reader.types("0,5")
    reader.until(lambda: reader.hears(1) == "0.5000")
    reader.types("half")
    assert reader.said == ["“half” is not a number. Write one such as 0.5."]
    assert reader.hears(1) == "0.5000"
    reader.session.undo_stack.undo()
    reader.until(lambda: reader.model.content.number(reader.outline.current) == number)
    reader.go("bias", "h1", at=(3,))
    reader.types("-2")
    reader.until(lambda: reader.hears() == "Bias −2.0000. Unit 4 of Dense 4")


def test_that_what_is_being_typed_is_not_typed_over_by_training(reader: Reader) -> None:
    reader.go("bias", "h1", at=(0,))
    reader.key(K.Key_F2)
    (field,) = reader.tree.findChildren(QLineEdit)
    QTest.keyClicks(field, "0.12")
    reader.session.train_for(3)
    reader.until(lambda: not reader.session.running)
    reader.edit(lambda document: edits.rename(document, "h1", "hidden"))
    assert field.text() == "0.12"
    QTest.keyClick(field, K.Key_Escape)


def test_that_a_weight_and_a_layer_are_frozen_from_the_menu(reader: Reader) -> None:
    reader.go("weight", "h1", at=(1, 2))
    reader.key(K.Key_Menu)
    reader.outline.open_menu(menu_of(reader))
    reader.chooses("Freeze: training leaves it as it is")
    assert is_frozen(reader.session.document.network.node("h1"), 1, 2)
    assert ". frozen. Unit 3" in reader.hears()
    reader.go("node", "h1")
    reader.outline.open_menu(menu_of(reader))
    assert ". 1 weight is frozen." in reader.hears()
    reader.chooses("Freeze: training leaves it as it is")
    assert ". frozen." in reader.hears()
    reader.outline.open_menu(menu_of(reader))
    reader.chooses("Unfreeze: training changes it")
    assert ". 1 weight is frozen." in reader.hears()


def menu_of(reader: Reader) -> QMenu:
    from playground.ui.outline_menu import row_menu

    return row_menu(reader.outline, reader.outline.current)


def test_that_a_changed_weight_goes_back_to_its_start_from_the_menu(reader: Reader) -> None:
    reader.go("weight", "h1", at=(0, 0))
    before = reader.hears(1)
    reader.types("3")
    reader.until(lambda: reader.hears(1) == "3.0000")
    reader.outline.open_menu(menu_of(reader))
    reader.chooses("Reset to its initial value")
    reader.until(lambda: reader.hears(1) == before)


def test_that_a_node_is_renamed_switched_widened_and_sent_to_its_settings(reader: Reader, qtbot: QtBot) -> None:
    opened: list[str] = []
    reader.outline.canvas.inspect_wanted.connect(lambda: opened.append("settings"))
    reader.go("node", "h1")
    reader.types("은닉층")
    assert opened == [], "Enter in the field is not Enter on the row"
    assert reader.session.document.network.node("h1").name == "은닉층"
    assert reader.hears().startswith("은닉층. Dense. 4 values")
    reader.key(K.Key_Plus)
    reader.key(K.Key_Plus)
    reader.key(K.Key_Minus)
    assert reader.session.document.network.node("h1").fields["units"] == 5
    assert reader.below("h1")[-1] == "Unit 5"
    reader.go("node", "a1")
    reader.key(K.Key_Space)
    assert reader.session.document.network.node("a1").fields["enabled"] is False
    assert "off" in reader.hears()
    assert Qt.CheckState(reader.tree.currentIndex().data(CHECKED)) == Qt.CheckState.Unchecked
    reader.key(K.Key_F6, SHIFT)
    assert Qt.CheckState(reader.tree.currentIndex().data(CHECKED)) == Qt.CheckState.Checked
    with qtbot.waitSignal(reader.outline.canvas.inspect_wanted):
        reader.key(K.Key_Return)


def test_that_a_node_is_added_after_another_and_put_on_a_wire(reader: Reader) -> None:
    reader.go("node", "a1")
    reader.key(K.Key_Insert)
    reader.chooses("Dense")
    added = reader.outline.current.node
    assert ("a1", added) in reader.wires()
    assert (added, "out") in reader.wires()
    assert reader.session.selection == {added}
    reader.go("wire", added, "a1")
    reader.key(K.Key_Insert)
    reader.chooses("ReLU")
    assert ("a1", added) not in reader.wires()
    assert reader.session.document.network.node(reader.session.document.network.sources(added)[0]).kind == "activation"
    reader.go("node", added)
    reader.outline.open_menu(menu_of(reader))
    reader.chooses("Add after", "Dropout")
    assert any(node.kind == "dropout" for node in reader.session.document.network.nodes)


def test_that_a_skip_connection_is_built_with_nothing_but_the_outline(reader: Reader) -> None:
    """A second branch into a sum: add, connect, and only what would not be refused is offered."""
    reader.go("node", "a1")
    reader.key(K.Key_Insert)
    reader.chooses("Add")
    total = reader.outline.current.node
    reader.go("node", "h1")
    reader.key(K.Key_K, CTRL)
    assert reader.offered() == ["Add", "Dense 1", "Loss"], "not itself, not the input, not where it leads already"
    reader.key(K.Key_K, CTRL)
    reader.chooses("Add")
    assert ("h1", total) in reader.wires()
    reader.go("node", total)
    assert reader.hears() == "Add. 4 values. fed by tanh, Dense 4"
    reader.settles()
    reader.go("node", total)
    reader.key(K.Key_K, CTRL)
    assert reader.offered() == ["Loss"], "a network has no loops"
    reader.go("node", "loss")
    reader.key(K.Key_K, CTRL)
    assert reader.offered() == ["No node can take this wire"]


def test_that_wires_and_nodes_are_deleted_and_the_keys_go_on_from_there(reader: Reader) -> None:
    reader.go("wire", "a1", "h1")
    assert reader.outline.canvas.selected_wire == Wire("h1", "a1")
    reader.key(K.Key_Delete)
    assert ("h1", "a1") not in reader.wires()
    assert reader.outline.current == Key("node", "a1"), "no row is left within it"
    assert reader.session.selection == {"a1"}
    reader.session.undo_stack.undo()
    reader.go("node", "a1")
    reader.key(K.Key_Delete)
    assert ("h1", "out") in reader.wires()
    assert reader.outline.current == Key("node", "h1")
    assert reader.session.selection == {"h1"}
    reader.go("unit", "h1", at=(0,))
    before = reader.session.document
    reader.key(K.Key_Delete)
    assert reader.session.document == before, "a key meant for a row never deletes the whole layer"
    assert reader.said == ["Only a node or a wire can be deleted: go to its row first."]


def test_that_nodes_are_copied_pasted_duplicated_and_cut(reader: Reader) -> None:
    reader.go("node", "h1")
    reader.key(K.Key_C, CTRL)
    reader.key(K.Key_V, CTRL)
    assert len(reader.ids()) == 6
    assert reader.outline.current.node not in ("h1", "")
    reader.key(K.Key_D, CTRL)
    assert len(reader.ids()) == 7
    reader.key(K.Key_X, CTRL)
    assert len(reader.ids()) == 6
    QGuiApplication.clipboard().setText("junk")
    reader.key(K.Key_V, CTRL)
    assert len(reader.ids()) == 6
    assert "holds no part of a network" in reader.said[-1]
    reader.key(K.Key_A, CTRL)
    assert reader.session.selection == set(reader.ids())


def test_that_space_elsewhere_is_the_windows_and_escape_goes_to_the_canvas(reader: Reader) -> None:
    reader.go("node", "h1")
    before = reader.session.document
    heard = []
    reader.outline.keyPressEvent = lambda event: heard.append(event.key())  # type: ignore[method-assign]
    reader.key(K.Key_Space)
    assert heard == [K.Key_Space]
    assert reader.session.document == before
    reader.key(K.Key_Asterisk)
    assert reader.tree.isExpanded(reader.model.find(Key("node", "h1")))


# --- keeping up ------------------------------------------------------------------------------------


def test_that_the_selection_goes_both_ways(reader: Reader) -> None:
    reader.session.select(["a1"])
    assert reader.outline.current == Key("node", "a1")
    assert reader.outline.chosen() == [Key("node", "a1")]
    reader.key(K.Key_Up)
    assert reader.session.selection == {"h1"}
    reader.go("weight", "h1", at=(0, 1))
    assert reader.session.selection == {"h1"}, "who is within a node is at that node"
    assert reader.outline.current == Key("weight", "h1", "", (0, 1))
    reader.session.select(["h1", "out"])
    assert {key.node for key in reader.outline.chosen()} == {"h1", "out"}
    reader.session.select([])
    assert reader.outline.chosen() == []


def test_that_the_unit_the_keys_are_at_is_the_one_that_is_looked_at(reader: Reader) -> None:
    seen: list[object] = []
    reader.outline.canvas.unit_hovered.connect(seen.append)
    reader.go("unit", "h1", at=(2,))
    reader.go("weight", "h1", at=(0, 2))
    reader.go("bias", "h1", at=(3,))
    reader.go("node", "h1")
    reader.go("unit", "out", at=(0,))
    reader.outline.hide()
    assert seen == [("h1", 2), ("h1", 3), None, ("out", 0), None]


class Watch:
    """What a model tells of itself."""

    def __init__(self, model: QAbstractItemModel) -> None:
        self.rows: list[str] = []
        self.changed: list[object] = []
        model.rowsInserted.connect(lambda *_: self.rows.append("in"))
        model.rowsRemoved.connect(lambda *_: self.rows.append("out"))
        model.layoutChanged.connect(lambda *_: self.rows.append("moved"))
        model.modelReset.connect(lambda *_: self.rows.append("reset"))
        model.dataChanged.connect(lambda first, last, _roles: self.changed.append(model.key(first)))


def test_that_only_rows_that_differ_are_told_of_and_what_is_unfolded_stays_so(reader: Reader) -> None:
    for key in (Key("node", "h1"), Key("unit", "h1", "", (2,)), Key("node", "out")):
        reader.tree.expand(reader.model.find(key))
    watch = Watch(reader.model)
    reader.edit(lambda document: edits.move(document, {"h1": (40.0, 40.0)}))
    reader.edit(lambda document: edits.set_training(document, learning_rate=0.3))
    assert (watch.rows, watch.changed) == ([], [])
    reader.edit(lambda document: edits.set_enabled(document, "a1", False))
    assert watch.rows == []
    assert set(watch.changed) == {
        Key("node", "a1"), Key("node", "out"), Key("wire", "out", "a1"), Key("unit", "out", "", (0,)),
    }  # fmt: skip
    reader.edit(lambda document: edits.insert_on_wire(document, Wire("in", "h1"), "h9", "dense", units=3))
    assert set(watch.rows) == {"in", "out"}
    for key in (Key("node", "h1"), Key("unit", "h1", "", (2,)), Key("node", "out")):
        assert reader.tree.isExpanded(reader.model.find(key))
    assert reader.rows(reader.model.find(Key("unit", "h1", "", (2,))))[-1] == "Weight of Dense 3 3"
    reader.session.undo_stack.undo()
    assert reader.rows(reader.model.find(Key("unit", "h1", "", (2,)))) == ["Bias", "Weight of x₁", "Weight of x₂"]


def test_that_a_hidden_outline_does_no_work_and_catches_up(reader: Reader) -> None:
    reader.outline.hide()
    before, watch = reader.model.content, Watch(reader.model)
    reader.edit(lambda document: edits.insert_on_wire(document, Wire("in", "h1"), "h9", "dense"))
    reader.session.select(["h9"])
    reader.settles()
    assert reader.model.content is before
    assert (watch.rows, watch.changed) == ([], [])
    reader.outline.show()
    assert [key.node for key in reader.model.content.top()] == list(order(reader.session.document.network))
    assert reader.outline.current == Key("node", "h9")


def test_that_rows_of_a_wide_layer_are_made_only_where_somebody_looks(reader: Reader) -> None:
    reader.edit(lambda document: edits.set_field(document, "h1", "units", 1024))
    assert len(reader.model._rows) < 60
    reader.tree.expand(reader.model.find(Key("node", "h1")))
    assert reader.below("h1")[-1] == "Unit 1024"
    assert len(reader.model._rows) < 1200
    reader.go("unit", "h1", at=(1000,))
    assert reader.rows(reader.tree.currentIndex()) == ["Bias", "Weight of x₁", "Weight of x₂"]


def _edit_anything(reader: Reader, dice: random.Random) -> None:
    session, ids, wires = reader.session, reader.ids(), reader.session.document.network.wires
    one, other, wire = (dice.choice(things) if things else None for things in (ids, ids, wires))
    id, choice = session.fresh_id("dense"), dice.randrange(7)
    if choice == 1:
        session.edit(message("add"), lambda document: edits.append_node(document, id, "dense"))
    elif choice == 6 or one is None or other is None:
        session.undo_stack.undo()
    elif choice == 0:
        session.edit(message("remove"), lambda document: edits.remove(document, [one]))
    elif choice == 2:
        session.edit(message("connect"), lambda document: edits.connect(document, one, other))
    elif choice == 3 and wire is not None:
        session.edit(message("disconnect"), lambda document: edits.disconnect(document, wire.source, wire.target))
    elif choice == 4:
        session.select({one, other})
    else:
        reader.outline.change_units(dice.choice([-1, 1]))


def test_that_the_model_keeps_the_rules_of_qt_through_any_edits(reader: Reader, qtlog: object) -> None:
    """Qt's own tester watches every signal; a broken rule is a warning, and fails."""
    tester = QAbstractItemModelTester(reader.model, QAbstractItemModelTester.FailureReportingMode.Warning)
    dice, session = random.Random(3), reader.session
    for _ in range(100):
        index = reader.model.index(dice.randrange(reader.model.rowCount()), 0)
        reader.tree.expand(index)
        if reader.model.rowCount(index):
            reader.tree.expand(reader.model.index(dice.randrange(reader.model.rowCount(index)), 0, index))
        _edit_anything(reader, dice)
        # As the view has it after the next turn of the event loop, and a screen reader asks for it.
        reader.tree.visualRect(reader.tree.currentIndex())
        assert [key.node for key in reader.model.content.top() if key.part == "node"] == list(
            order(session.document.network)
        )
    del tester
    assert [record.message for record in qtlog.records if not record.ignored] == []  # type: ignore[attr-defined]
