"""The operations view keeps up with its session, is walked by keys, says what it shows, and moves when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.document import edits
from playground.document.model import Document
from playground.document.presets import PRESETS
from playground.messages import message
from playground.ui.canvas.operations.items import text_rect
from playground.ui.canvas.operations.view import OperationsView
from playground.ui.session import Session
from playground.ui.theme import DARK, LIGHT, themes, title_font
from playground.ui.translation import set_language
from playground.ui.widgets import motion

Key = Qt.Key
ANY = message("test")
Open = Callable[[Document], OperationsView]


@pytest.fixture
def open_view(qtbot: QtBot) -> Iterator[Open]:
    opened: list[OperationsView] = []

    def open_(document: Document, *, ready: bool = True) -> OperationsView:
        view = OperationsView(Session(document))
        qtbot.addWidget(view)
        view.resize(900, 560)
        view.show()
        view.activateWindow()
        view.setFocus()
        opened.append(view)
        if ready:
            qtbot.waitUntil(lambda: _has_numbers(view), timeout=5000)
        return view

    yield open_
    for view in opened:
        view.session.close()
        view.close()


@pytest.fixture
def lecture(open_view: Open) -> OperationsView:
    return open_view(PRESETS["lecture"].document)


def _has_numbers(view: OperationsView) -> bool:
    return view.operations.numbers is not None and view.operations.numbers.readings is not None


def said(view: OperationsView, color: str = "forward") -> list[str]:
    return sorted(text.words for text in view.operations.texts.texts() if text.color == color)


def pixel(view: OperationsView, key: str) -> QPoint:
    return view.mapFromScene(view.operations.items_by_key[key].pos())


def _move(view: OperationsView, point: QPoint) -> None:
    where = QPointF(view.viewport().mapToGlobal(point))
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(point), where, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def test_that_forward_values_are_shown_at_first_and_gradients_when_asked(lecture):
    assert said(lecture) == sorted(["1", "2", "2", "2", "1", "2", "4", "4", "2", "8", "8", "5", "3"])
    assert said(lecture, "gradient") == []
    lecture.set_shown(forward=False, gradient=True)
    assert said(lecture) == []
    # On every edge but those from A, B and C.
    assert said(lecture, "gradient") == sorted(["6", "12", "6", "6", "6", "6", "12", "3", "3", "3"])
    lecture.set_covered([("P.weight[0,0] → P:0:×0", "gradient")])
    assert said(lecture, "gradient").count("?") == 1
    assert said(lecture, "gradient").count("6") == 4
    lecture.set_covered([])
    assert "?" not in said(lecture, "gradient")


def test_that_another_row_has_other_numbers_and_one_that_is_not_there_is_the_nearest(lecture):
    rows = len(lecture.session.plan.dataset.x_train)
    lecture.set_sample(1)
    first = lecture.session.plan.dataset.x_train[1]
    graph = lecture.operations.graph
    assert [lecture.operations.numbers.readings.values[f"in:{unit}"] for unit in (0, 1)] == first.tolist()
    assert lecture.header.field.value() == 2
    lecture.set_sample(1000)
    assert lecture.sample == rows - 1
    lecture.set_sample(-5)
    assert lecture.sample == 0
    assert lecture.operations.graph is graph


def test_that_the_field_chooses_the_row(lecture):
    field = lecture.header.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "3")
    QTest.keyClick(field, Key.Key_Return)
    assert lecture.sample == 2
    assert field.accessibleName() == "Training row"


def test_that_numbers_follow_training(lecture, qtbot):
    before = lecture.operations.numbers.readings.loss
    with qtbot.waitSignal(lecture.session.reading):
        lecture.session.step("batch")
    qtbot.waitUntil(lambda: lecture.operations.numbers.readings.loss != before)
    assert lecture.operations.numbers.readings.loss == pytest.approx(1.91, abs=0.01)
    assert "1.94" in said(lecture)


def test_that_a_hidden_view_does_no_work_and_catches_up(lecture, qtbot):
    lecture.hide()
    before = lecture.operations.numbers
    with qtbot.waitSignal(lecture.session.reading):
        lecture.session.step("batch")
    assert lecture.operations.numbers is before
    lecture.show()
    assert "1.94" in said(lecture)


def test_that_arrows_walk_the_graph_and_enter_selects_the_card(lecture):
    def press(*keys: Qt.Key) -> str | None:
        for key in keys:
            QTest.keyClick(lecture, key)
        return lecture.current

    assert press(Key.Key_Right) == "in:0"
    assert press(Key.Key_Right) == "P:0:×0"
    assert press(Key.Key_Up) == "P.weight[0,0]"
    assert lecture.accessibleDescription().startswith("w₁ is to be found; now it is 2")
    assert press(Key.Key_Down) == "P:0:×0"
    assert press(Key.Key_Left) == "in:0"
    assert press(Key.Key_Down) == "in:1"
    assert press(*[Key.Key_Right] * 5) == "Q:0"
    assert lecture.session.selection == frozenset()
    press(Key.Key_Return)
    assert lecture.session.selection == {"Q"}
    assert lecture.accessibleDescription() == "Q = 8. leads to −"
    press(Key.Key_Escape)
    assert lecture.session.selection == frozenset()
    assert lecture.current is None


def test_that_tab_reaches_every_operation_and_leaves_after_the_last(lecture):
    lecture.walk_to(None)
    QTest.keyClick(lecture, Key.Key_Right)
    visited = [lecture.current]
    for _ in range(len(lecture.order()) - 1):
        QTest.keyClick(lecture, Key.Key_Tab)
        visited.append(lecture.current)
    assert tuple(visited) == lecture.order()
    QTest.keyClick(lecture, Key.Key_Tab)
    assert not lecture.hasFocus()


def test_that_its_keys_are_its_own_and_space_is_the_windows(lecture):
    def claimed(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(lecture, event)
        return event.isAccepted()

    lecture.walk_to("P:0")
    assert all(claimed(key) for key in (Key.Key_Left, Key.Key_Home, Key.Key_Return, Key.Key_Escape))
    assert claimed(Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert not any(claimed(key) for key in (Key.Key_Space, Key.Key_Delete, Key.Key_A, Key.Key_F1))
    lecture.walk_to(None)
    assert not claimed(Key.Key_Escape)


def test_that_a_click_selects_the_card_and_a_selection_is_marked(lecture):
    QTest.mouseClick(lecture.viewport(), Qt.MouseButton.LeftButton, pos=pixel(lecture, "Q:0:×0"))
    assert lecture.session.selection == {"Q"}
    assert lecture.current == "Q:0:×0"
    lecture.session.select(["P"])
    marked = {key for key, item in lecture.operations.items_by_key.items() if item.look.selected}
    assert marked == {one.key for one in lecture.operations.graph.operations if one.node == "P"}
    QTest.mouseClick(lecture.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(450, 520))
    assert lecture.session.selection == frozenset()


def test_that_pointing_says_what_an_operation_and_a_line_do(lecture):
    scene = lecture.operations
    assert lecture.tip(scene.items_by_key["P:0:×0"].pos()).startswith("× multiplies w₁ = 2 by A = 1: 2")
    middle = (scene.items_by_key["P:0"].pos() + scene.items_by_key["Q:0:×0"].pos()) / 2.0
    assert lecture.tip(middle) == "From P to ×: 4"
    lecture.set_shown(forward=True, gradient=True)
    assert lecture.tip(middle) == "From P to ×: 4\nBack comes the gradient 6"
    assert lecture.tip(QPointF(0.0, 4000.0)) == ""


def test_that_a_drag_pans_and_the_wheel_zooms_at_the_pointer(lecture):
    before = lecture.mapToScene(QPoint(450, 280))
    QTest.mousePress(lecture.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(450, 480))
    for x in (465, 480):
        _move(lecture, QPoint(x, 480))
    QTest.mouseRelease(lecture.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(480, 480))
    assert lecture.mapToScene(QPoint(480, 280)) == before
    assert lecture.session.selection == frozenset()
    under = lecture.mapToScene(QPoint(200, 200))
    wheel = QWheelEvent(
        QPointF(200, 200), QPointF(lecture.mapToGlobal(QPoint(200, 200))), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(lecture.viewport(), wheel)
    assert (lecture.mapToScene(QPoint(200, 200)) - under).manhattanLength() < 3.0
    lecture.fit()
    scale = lecture.camera.scale
    lecture.zoom_in()
    assert lecture.camera.scale == pytest.approx(1.25 * scale)
    lecture.fit()
    assert lecture.camera.scale == pytest.approx(scale)
    for _ in range(60):
        lecture.zoom_out()
    assert lecture.camera.scale >= 0.1


def test_that_nothing_of_a_graph_shows_through_the_header(lecture):
    """Not even faintly: it would be read between the header's own words."""
    header = lecture.header.geometry()
    begin = pixel(lecture, "Q:0:×0")
    QTest.mousePress(lecture.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(450, 480))
    for y in (470, 480 + header.center().y() - begin.y()):
        _move(lecture, QPoint(450, y))
    assert header.contains(pixel(lecture, "Q:0:×0"))
    for child in lecture.header.findChildren(QWidget):
        child.hide()
    picture = lecture.viewport().grab(header).toImage()
    colors = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert colors == {themes.current().surface.name()}


def test_that_a_network_that_cannot_be_computed_keeps_the_last_one_with_a_sentence(lecture):
    graph = lecture.operations.graph
    lecture.session.edit(ANY, lambda document: edits.remove(document, ["loss"]))
    assert lecture.operations.graph is graph
    assert "Loss" in lecture.header.sentence()
    assert "last network that worked" in lecture.header.sentence()
    lecture.session.undo_stack.undo()
    assert "last network that worked" not in lecture.header.sentence()


def test_that_an_empty_document_invites_and_a_broken_one_says_why(open_view, qtbot):
    view = open_view(Document(), ready=False)
    qtbot.waitUntil(lambda: view.session.table is not None)
    assert view.nothing.isVisible()
    assert "Nothing to compute yet" in view.nothing.words()
    assert not view.header.isVisible()
    assert view.accessibleDescription() == view.nothing.words()
    broken = edits.remove(PRESETS["xor"].document, ["loss"])
    other = open_view(broken, ready=False)
    qtbot.waitUntil(lambda: bool(other.session.problems))
    assert "Loss" in other.nothing.words()


def test_that_a_changed_network_is_another_graph_and_a_new_name_a_new_label(lecture, qtbot):
    lecture.session.edit(ANY, lambda document: edits.rename(document, "P", "Sum"))
    qtbot.waitUntil(lambda: "Sum" in {one.text for one in lecture.operations.graph.operations})
    qtbot.waitUntil(lambda: _has_numbers(lecture))
    lecture.session.edit(ANY, lambda document: edits.set_field(document, "P", "units", 2))
    qtbot.waitUntil(lambda: "P:1" in lecture.operations.items_by_key)
    qtbot.waitUntil(lambda: _has_numbers(lecture))
    assert lecture.current is None or lecture.current in lecture.operations.graph.by_key


def test_that_the_play_head_is_marked_and_words_stand_below_it(lecture):
    lecture.set_play_head("P:0", "arriving 6 × local 1")
    assert [key for key, item in lecture.operations.items_by_key.items() if item.look.played] == ["P:0"]
    assert "arriving 6 × local 1" in said(lecture, "forward"), "while values flow forward it has their colour"
    lecture.set_shown(True, True)
    assert "arriving 6 × local 1" in said(lecture, "gradient")
    lecture.set_play_head(None)
    assert not any(item.look.played for item in lecture.operations.items_by_key.values())
    assert "arriving 6 × local 1" not in said(lecture, "gradient")


def test_that_operations_come_from_the_places_of_their_units(lecture, qtbot):
    own = {key: item.pos() for key, item in lecture.operations.items_by_key.items()}
    origins = {("P", 0): QPointF(300.0, 200.0), ("Q", 0): QPointF(600.0, 200.0)}
    lecture.enter_from(origins)
    there = lecture.viewportTransform().map(lecture.operations.items_by_key["P.weight[1,0]"].pos())
    assert (there - origins["P", 0]).manhattanLength() < 1.0
    assert lecture.operations.items_by_key["in:0"].pos() == own["in:0"]
    assert lecture.operations.texts.texts() == []
    assert lecture._change.duration() < 200
    qtbot.waitUntil(lambda: lecture._change.state() == lecture._change.State.Stopped)
    assert {key: item.pos() for key, item in lecture.operations.items_by_key.items()} == own
    assert said(lecture)


def test_that_nothing_moves_with_reduced_motion_and_leaving_ends_at_once(lecture):
    own = {key: item.pos() for key, item in lecture.operations.items_by_key.items()}
    done: list[bool] = []
    motion.set_reduced_motion(True)
    try:
        lecture.enter_from({("P", 0): QPointF(300.0, 200.0)})
        assert {key: item.pos() for key, item in lecture.operations.items_by_key.items()} == own
        lecture.leave({("P", 0): QPointF(300.0, 200.0)}, lambda: done.append(True))
    finally:
        motion.set_reduced_motion(False)
    assert done == [True]
    assert set(lecture.unit_places()) == {("in", 0), ("in", 1), ("P", 0), ("Q", 0), ("loss", 0)}


def test_that_lines_are_one_item_and_not_smoothed_while_training(lecture):
    items = [item for item in lecture.operations.items() if item not in lecture.operations.items_by_key.values()]
    assert set(items) == {lecture.operations.edges, lecture.operations.texts}
    smooth = QPainter.RenderHint.Antialiasing
    lecture.session.running_changed.emit(True)
    assert not lecture.renderHints() & smooth
    lecture.session.running_changed.emit(False)
    assert lecture.renderHints() & smooth


@pytest.mark.parametrize("name", ["lecture", "xor", "single-neuron", "spambase"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_that_words_have_room_and_no_two_texts_overlap(open_view, name, language):
    try:
        set_language(language)
        view = open_view(PRESETS[name].document)
        view.set_shown(forward=True, gradient=True)
        scene = view.operations
        rects = [(text.words, text_rect(text).adjusted(2.0, 3.0, -2.0, -3.0)) for text in scene.texts.texts()]
        for (one, a), (other, b) in combinations(rects, 2):
            assert not a.intersects(b), f"{one} and {other}"
        for item in scene.items_by_key.values():
            inner = item.rect.adjusted(3.0, 3.0, -3.0, -3.0)
            for words, rect in rects:
                assert not inner.intersects(rect), f"{words} over {item.operation.key}"
            room = QFontMetricsF(title_font(scene.layout.measures.letter))
            if item.boxed:
                assert all(room.horizontalAdvance(line) <= item.rect.width() for line in item.operation.lines)
        everything = QRectF(scene.contents())
        assert all(everything.contains(item.rect) for item in scene.items_by_key.values())
    finally:
        set_language("en")


def test_that_theme_and_language_change_live(lecture):
    try:
        lecture.session.select(["P"])
        themes.put(DARK)
        dark = lecture.grab().toImage().pixelColor(6, 300)
        assert dark == DARK.surface
        set_language("ko")
        assert lecture.accessibleName()
        assert lecture.grab().toImage().pixelColor(6, 300) == DARK.surface
    finally:
        set_language("en")
        themes.put(LIGHT)
    assert lecture.header.sentence() == "Every multiplication and addition. Forward values below the lines."


def test_that_the_view_lives_through_another_document(lecture, qtbot):
    lecture.session.open(PRESETS["xor"].document)
    qtbot.waitUntil(lambda: "h1:3:×1" in lecture.operations.items_by_key and _has_numbers(lecture), timeout=5000)
    lecture.session.open(Document())
    qtbot.waitUntil(lambda: lecture.operations.graph is None)
    assert lecture.nothing.isVisible()


def test_that_every_way_from_the_loss_to_a_weight_is_lit(lecture):
    """w1's way leads over P and Q; w3's skips P."""
    lecture.show_path(("P.weight", (0, 0)))
    first = lecture.operations.path()
    lecture.show_path(("Q.weight", (0, 0)))
    third = lecture.operations.path()
    assert third < first | third
    assert not any(edge.startswith("P:0 ") for edge in third)
    assert any(edge.startswith("P:0 ") for edge in first)
    lecture.show_path(None)
    assert lecture.operations.path() == frozenset()
