"""Three views of one network: drawing, neurons, operations. The way between them, and what each of them shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from conftest import Hand, chain
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.document import edits
from playground.document.model import Document, Node, Wire
from playground.document.presets import PRESETS
from playground.messages import message
from playground.ui.canvas import shape
from playground.ui.canvas.area import CanvasArea
from playground.ui.canvas.bare import joint_of
from playground.ui.canvas.camera import FITTED, FITTED_BARE
from playground.ui.canvas.hits import Hit
from playground.ui.canvas.scene import CanvasScene
from playground.ui.canvas.view import CanvasView
from playground.ui.canvas.views import VIEWS
from playground.ui.plots.region import RegionPlot
from playground.ui.session import Session
from playground.ui.theme import themes
from playground.ui.widgets import motion

ANY = message("test")
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier


class Middle(Hand):
    """A hand at the middle of the window: the canvas, the operations, and the switch between the views."""

    def __init__(self, area: CanvasArea, qtbot: QtBot) -> None:
        super().__init__(area.canvas, qtbot)
        self.area, self.operations = area, area.operations

    def show(self, view: str) -> None:
        """Choose a view and wait until it has come."""
        self.view.set_view(view)
        self.arrive()

    def arrive(self) -> None:
        wanted = self.operations if self.view.network_view == "operations" else self.view
        end = 1.0 if self.view.network_view == "drawing" else 0.0
        self._bot.waitUntil(lambda: self.area._stack.currentWidget() is wanted, timeout=5000)
        if wanted is self.view:
            self._bot.waitUntil(lambda: self.scene.manner.bare == end, timeout=5000)
        else:
            change = self.operations._change
            self._bot.waitUntil(lambda: change.state() == change.State.Stopped, timeout=5000)


Opened = Callable[[Document], Middle]


@pytest.fixture
def open_area(qtbot: QtBot) -> Iterator[Opened]:
    opened: list[Middle] = []

    def open_(document: Document) -> Middle:
        session = Session(document)
        area = CanvasArea(session, CanvasView(session))
        plot = RegionPlot(session)  # never shown: it only says which plane
        for widget in (area, plot):
            qtbot.addWidget(widget)
        area.resize(900, 560)
        area.show()
        area.activateWindow()
        area.canvas.setFocus()
        opened.append(Middle(area, qtbot))
        opened[-1].plot = plot
        opened[-1].settle()
        return opened[-1]

    yield open_
    for middle in opened:
        middle.view.cancel_gesture()
        middle.session.close()
        middle.area.close()


@pytest.fixture
def middle(open_area: Opened, small: Document) -> Middle:
    return open_area(small)


@pytest.fixture
def still() -> Iterator[None]:
    """Someone who has asked for less motion."""
    motion.set_reduced_motion(True)
    yield
    motion.set_reduced_motion(False)


def placed(document: Document) -> Document:
    """Every card at a place of its own, off all lines."""
    nodes = document.network.nodes
    return edits.move(document, {node.id: (170.0 * k, 40.0 * (k % 3)) for k, node in enumerate(nodes)})


def branched() -> Document:
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h1", "dense", {"units": 3}),
        Node("a1", "activation", {"function": "relu"}),
        Node("h2", "dense", {"units": 2}),
        Node("sum", "add"),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss"),
    )
    network = replace(chain(*nodes), wires=(*chain(*nodes).wires, Wire("in", "sum")))
    return Document(network=network)


def wide() -> Document:
    """With a layer that folds, and more features than an input shows."""
    features = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
    return Document(
        network=chain(
            Node("in", "input", {"features": features}),
            Node("h1", "dense", {"units": 40}),
            Node("a1", "activation", {"function": "tanh"}),
            Node("out", "dense", {"units": 1}),
            Node("loss", "loss"),
        )
    )


def deep() -> Document:
    """More cards than are moved."""
    nodes = [Node("in", "input", {"features": ("x1", "x2")})]
    for k in range(20):
        nodes += [Node(f"h{k}", "dense", {"units": 3}), Node(f"a{k}", "activation", {"function": "tanh"})]
    return Document(network=chain(*nodes, Node("out", "dense", {"units": 1}), Node("loss", "loss")))


NETWORKS = {
    "small": lambda: PRESETS["xor"].document,
    "placed": lambda: placed(PRESETS["xor"].document),
    "branched": branched,
    "wide": wide,
}


def geometry(scene: CanvasScene) -> dict[object, object]:
    """Where everything is: cards, wires and their strands."""
    found: dict[object, object] = {id: (rect, scene.cards[id].rect) for id, rect in scene.rects.items()}
    for wire, course in scene.wires.courses.items():
        found[wire] = (course.trunk.round(6).tolist(), course.strands.round(6).tolist(), course.docked, course.ends)
    return found


def fresh(document: Document, bare: float) -> CanvasScene:
    """A scene that has never shown anything else."""
    scene = CanvasScene()
    scene.manner = replace(scene.manner, bare=bare)
    scene.show(document, ())
    return scene


# --- the way from one to the other -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_that_each_change_ends_where_a_fresh_scene_begins_and_the_way_back_too(open_area, name):
    middle = open_area(NETWORKS[name]())
    document, scene = middle.session.document, middle.scene
    cards = geometry(scene)
    assert cards == geometry(fresh(document, 0.0))
    middle.show("drawing")
    drawn = geometry(scene)
    assert drawn == geometry(fresh(document, 1.0))
    assert drawn != cards
    middle.show("neurons")
    assert geometry(scene) == cards
    middle.show("operations")
    middle.show("drawing")
    assert geometry(scene) == drawn
    middle.show("operations")
    middle.show("neurons")
    assert geometry(scene) == cards
    assert middle.session.document is document, "to look is no edit"
    assert middle.session.undo_stack.count() == 0


def test_that_it_moves_for_less_than_a_fifth_of_a_second_and_straight(middle):
    here = dict(middle.scene.rects)
    middle.view.set_view("drawing")
    change = middle.view._change._glide
    assert 0 < change.duration() < 200
    assert change.state() == change.State.Running
    change.pause()
    change.setCurrentTime(60)
    share = middle.scene.manner.bare
    assert 0.0 < share < 1.0
    there = fresh(middle.session.document, 1.0).rects
    for id, rect in middle.scene.rects.items():
        at = [rect.left(), rect.top(), rect.width(), rect.height()]
        one, other = ((r.left(), r.top(), r.width(), r.height()) for r in (here[id], there[id]))
        assert at == pytest.approx([(1.0 - share) * a + share * b for a, b in zip(one, other, strict=True)])
    middle.view.grab()
    change.resume()
    middle.arrive()


def test_that_a_change_of_mind_on_the_way_goes_back_from_there(middle):
    cards = geometry(middle.scene)
    middle.view.set_view("drawing")
    glide = middle.view._change._glide
    glide.pause()
    glide.setCurrentTime(90)
    share = middle.scene.manner.bare
    middle.view.set_view("neurons")
    assert glide.startValue() == share
    middle.arrive()
    assert geometry(middle.scene) == cards


def test_that_with_reduced_motion_it_is_there_at_once(middle, still):
    middle.view.set_view("drawing")
    assert middle.scene.manner.bare == 1.0
    middle.view.set_view("operations")
    assert middle.area._stack.currentWidget() is middle.operations
    assert middle.operations._change.state() == middle.operations._change.State.Stopped
    middle.view.set_view("neurons")
    assert middle.scene.manner.bare == 0.0
    assert middle.area._stack.currentWidget() is middle.view


def test_that_a_large_network_changes_at_once(open_area):
    middle = open_area(deep())
    middle.view.set_view("drawing")
    assert middle.scene.manner.bare == 1.0
    assert geometry(middle.scene) == geometry(fresh(middle.session.document, 1.0))


@pytest.mark.parametrize("name", NETWORKS)
def test_that_all_of_it_is_in_view_before_and_after(open_area, name):
    middle = open_area(NETWORKS[name]())
    for view in ("drawing", "neurons", "drawing"):
        middle.show(view)
        assert middle.view.camera.visible().contains(middle.scene.contents())
        shown = middle.view.transform(), middle.view.camera.visible()
        middle.view.fit()
        assert shown == (middle.view.transform(), middle.view.camera.visible()), "as large as there is room for"


def test_that_a_small_drawing_is_larger_than_its_cards_would_be(middle, still):
    middle.area.resize(1600, 1200)
    middle.view.fit()
    assert middle.view.camera.scale == pytest.approx(FITTED)
    middle.show("drawing")
    assert middle.view.camera.scale == pytest.approx(FITTED_BARE)
    middle.show("neurons")
    assert middle.view.camera.scale == pytest.approx(FITTED)


def test_that_someone_who_looks_at_a_part_keeps_their_place(middle):
    middle.view.camera.zoom(2.0)
    assert not middle.view.camera.following
    scale = middle.view.camera.scale
    middle.show("drawing")
    middle.show("neurons")
    assert middle.view.camera.scale == scale


# --- what the drawing shows -----------------------------------------------------------------------------------


def test_that_the_drawing_has_circles_and_plain_lines_and_no_words_of_weights(open_area, qtbot):
    middle = open_area(PRESETS["xor"].document)
    qtbot.waitUntil(lambda: bool(middle.scene.cards["in"].live.maps is not None), timeout=8000)
    theme = themes.current()
    middle.show("drawing")
    picture = middle.view.grab().toImage()
    used = {picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}
    near = [QColor(one) for one in used]
    for color in (theme.positive, theme.negative):
        bright = [one for one in near if one.saturation() > 90 and one.value() > 90]
        assert not any(abs(one.hue() - color.hue()) < 8 for one in bright), color.name()
    assert len({rect.center().y() for rect in middle.scene.rects.values()}) == 1, "all on one line"
    for id, count in (("in", 2), ("out", 1)):
        tiles = shape.tiles_of(middle.scene.faces[id], middle.scene.rects[id])
        assert len(tiles) == count
        for tile in tiles:
            inside = picture.pixelColor(middle.at(tile.center()))
            rim = picture.pixelColor(middle.at(QPointF(tile.center().x(), tile.top())))
            assert inside.name() == theme.surface.name()
            assert rim.lightness() < theme.surface.lightness() - 60


def test_that_a_wide_layer_is_some_circles_and_dots_in_the_drawing(open_area):
    middle = open_area(wide())
    middle.show("drawing")
    face = middle.scene.faces["h1"]
    assert face.folded is None
    assert len(face.rows) <= 16
    assert len(face.rows) - 1 + face.hidden == 40


def test_that_in_the_drawing_nothing_is_pressed_but_cards_and_wires(middle, qtbot):
    qtbot.waitUntil(lambda: middle.scene.cards["h1"].live.biases is not None, timeout=8000)
    middle.show("drawing")
    parts = set()
    whole = middle.scene.contents().adjusted(-20.0, -20.0, 20.0, 20.0)
    for x in np.arange(whole.left(), whole.right(), 6.0):
        for y in np.arange(whole.top(), whole.bottom(), 6.0):
            parts.add(middle.scene.hit(QPointF(x, y), middle.view.camera.scale).part)
    assert parts == {"nothing", "card", "unit", "wire"}


def test_that_in_the_drawing_an_activation_is_taken_where_its_curve_is_and_deleted(middle, still):
    middle.show("drawing")
    box = joint_of(middle.scene.cards["a1"].rect)
    for point in (box.center(), box.topLeft() + QPointF(2.0, 2.0), box.bottomRight() - QPointF(2.0, 2.0)):
        assert middle.scene.hit(point, middle.view.camera.scale) == Hit("card", "a1")
    middle.click(box.center())
    assert middle.session.selection == {"a1"}
    middle.key(Key.Key_Delete)
    assert [node.id for node in middle.session.document.network.nodes] == ["in", "h1", "out", "loss"]
    assert Wire("h1", "out") in middle.session.document.network.wires


def test_that_no_notes_lie_in_the_drawing_and_they_come_back(middle):
    middle.session.edit(ANY, lambda document: edits.disconnect(document, "a1", "out"))
    notes = set(middle.scene.notes)
    assert notes
    middle.show("drawing")
    assert middle.scene.notes == {}
    middle.show("neurons")
    assert set(middle.scene.notes) == notes


# --- editing in it --------------------------------------------------------------------------------------------


def test_that_the_network_is_edited_in_the_drawing_and_the_cards_show_it(middle):
    middle.show("drawing")
    middle.click(middle.scene.rects["h1"].center())
    assert middle.session.selection == {"h1"}
    middle.key(Key.Key_Plus)
    assert middle.node("h1").fields["units"] == 5
    assert len(shape.tiles_of(middle.scene.faces["h1"], middle.scene.rects["h1"])) == 5
    assert geometry(middle.scene) == geometry(fresh(middle.session.document, 1.0))
    middle.session.select(["a1"])
    middle.key(Key.Key_Delete)
    assert "a1" not in middle.scene.cards
    assert geometry(middle.scene) == geometry(fresh(middle.session.document, 1.0))
    middle.show("neurons")
    assert geometry(middle.scene) == geometry(fresh(middle.session.document, 0.0))
    for _ in range(2):
        middle.session.undo_stack.undo()
    assert middle.node("h1").fields["units"] == 4
    assert geometry(middle.scene) == geometry(fresh(middle.session.document, 0.0))


def test_that_a_card_moved_in_the_drawing_stands_there_in_both(middle):
    middle.show("drawing")
    before = {id: rect.center().y() for id, rect in middle.scene.rects.items()}
    start = middle.scene.rects["out"].center()
    middle.drag(start, start + QPointF(0.0, 60.0))
    assert middle.session.undo_stack.count() == 1
    for view in ("drawing", "neurons", "drawing"):
        middle.show(view)
        after = {id: rect.center().y() for id, rect in middle.scene.rects.items()}
        assert after == {**before, "out": pytest.approx(before["out"] + 60.0, abs=4.0)}
    assert geometry(middle.scene) == geometry(fresh(middle.session.document, 1.0))


def test_that_an_edit_on_the_way_is_no_harm(middle):
    middle.view.set_view("drawing")
    glide = middle.view._change._glide
    glide.pause()
    glide.setCurrentTime(60)
    middle.session.edit(ANY, lambda document: edits.set_field(document, "h1", "units", 7))
    middle.session.edit(ANY, lambda document: edits.remove(document, ("a1",)))
    middle.view.grab()
    glide.resume()
    middle.arrive()
    assert geometry(middle.scene) == geometry(fresh(middle.session.document, 1.0))


# --- operations, focus and the switch ------------------------------------------------------------------------


def test_that_the_keyboard_goes_along_to_the_operations_and_back(middle):
    assert middle.view.hasFocus()
    middle.show("operations")
    assert middle.operations.isVisible()
    assert not middle.view.isVisible()
    assert middle.operations.hasFocus()
    middle.show("neurons")
    assert middle.view.isVisible()
    assert middle.view.hasFocus()


def test_that_the_focus_stays_where_it_was_when_it_was_elsewhere(middle):
    segment = middle.area.switch.segment("neurons")
    segment.setFocus(Qt.FocusReason.TabFocusReason)
    for view in ("operations", "neurons", "drawing"):
        middle.show(view)
        assert not middle.operations.hasFocus()
        assert not middle.view.hasFocus()


def test_that_the_switch_says_and_chooses_the_view(middle):
    told: list[str] = []
    middle.view.view_changed.connect(told.append)
    for view in ("drawing", "operations", "neurons"):
        segment = middle.area.switch.segment(view)
        assert segment.toolTip()
        QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
        middle.arrive()
        assert middle.view.network_view == view
        assert [key for key in VIEWS if middle.area.switch.segment(key).isChecked()] == [view]
    middle.view.set_view("neurons")
    middle.view.set_view("nonsense")
    assert told == ["drawing", "operations", "neurons"]
    zoom = middle.view.overlay.zoom
    beside = QRectF(zoom.geometry()), QRectF(middle.area.switch.geometry())
    assert not beside[0].intersects(beside[1])


def test_that_from_operations_one_is_back_before_they_have_come(middle):
    """Two presses in a row: the last one holds."""
    for last in ("neurons", "drawing"):
        middle.view.set_view("operations")
        middle.view.set_view(last)
        middle.view.set_view("operations")
        middle.view.set_view(last)
        middle.arrive()
        assert middle.area._stack.currentWidget() is middle.view
        assert middle.view.network_view == last


def test_that_operations_come_from_where_the_neurons_are(middle, qtbot):
    units = middle.area._units()
    assert {key for key in units if key[0] == "h1"} == {("h1", unit) for unit in range(4)}
    tile = shape.tiles_of(middle.scene.faces["h1"], middle.scene.rects["h1"])[2]
    assert units["h1", 2] == QPointF(middle.view.mapFromScene(tile.center()))
    assert ("loss", 0) in units
    middle.show("operations")
    qtbot.waitUntil(lambda: ("h1", 0) in middle.operations.unit_places(), timeout=8000)
    assert set(middle.operations.unit_places()) <= set(units), "each has a place to come from"
    assert {key for key in middle.operations.unit_places() if key[0] == "h1"} == {("h1", k) for k in range(4)}


# --- what is evaluated ----------------------------------------------------------------------------------------


def test_that_only_the_neurons_ask_for_maps(middle, qtbot):
    session = middle.session
    qtbot.waitUntil(
        lambda: session.snapshot is not None and set(session.snapshot.maps) == {"in", "h1", "out"}, timeout=8000
    )
    for view in ("drawing", "operations"):
        middle.show(view)
        qtbot.waitUntil(lambda: not session.snapshot.maps, timeout=8000)
        assert middle.view._wanted == ()
        session.step("batch")
        qtbot.waitUntil(lambda: session.settled, timeout=8000)
        assert not session.snapshot.maps
        middle.show("neurons")
        qtbot.waitUntil(lambda: set(session.snapshot.maps) == {"in", "h1", "out"}, timeout=8000)
    qtbot.waitUntil(
        lambda: np.array_equal(middle.scene.cards["h1"].live.maps, session.snapshot.maps["h1"]), timeout=8000
    )


def test_that_training_goes_on_through_all_views_and_each_is_drawn(open_area, small, qtbot):
    middle = open_area(replace(small, training=replace(small.training, epochs=1_000_000)))
    middle.session.train()
    for view in ("drawing", "operations", "neurons", "operations", "drawing", "neurons"):
        middle.show(view)
        begun = middle.session.snapshot.updates if middle.session.snapshot is not None else 0
        qtbot.waitUntil(lambda begun=begun: middle.session.snapshot.updates > begun, timeout=8000)
        middle.area.grab()
        assert middle.session.running
    middle.session.pause()
