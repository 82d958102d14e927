"""The scene keeps up with the document and touches only what differs."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.messages import message
from playground.ui import theme
from playground.ui.canvas import actions, shape
from playground.ui.canvas.camera import LARGEST, SMALLEST
from playground.ui.canvas.card import CardItem
from playground.ui.canvas.chain import chain_of
from playground.ui.canvas.face import draw
from playground.ui.canvas.placeable import PLACEABLES
from playground.ui.theme import caption_font
from playground.ui.translation import set_language

ANY = message("test")


def test_that_an_edit_touches_only_the_items_that_differ(hand):
    cards, courses = dict(hand.scene.cards), dict(hand.scene.wires.courses)
    faces = dict(hand.scene.faces)
    actions.toggle(hand.session, "a1")
    assert hand.scene.cards == cards
    assert [id for id in faces if hand.scene.faces[id] != faces[id]] == ["a1"]
    kept = [wire for wire, course in hand.scene.wires.courses.items() if course is courses[wire]]
    assert kept == list(courses)
    hand.session.edit(ANY, lambda document: edits.set_field(document, "out", "units", 2))
    kept = [wire for wire, course in hand.scene.wires.courses.items() if course is courses[wire]]
    assert Wire("in", "h1") in kept
    assert Wire("a1", "out") not in kept


def test_that_problems_stand_under_their_card_with_a_button_that_mends(hand, qtbot):
    hand.session.edit(ANY, lambda document: edits.set_field(document, "out", "units", 3))
    note = hand.scene.notes["out"]
    assert hand.scene.faces["out"].mark == "error"
    assert "3" in note.note.text
    assert note.note.button
    assert str(hand.session.problems[0].message) in hand.view.tip(hand.scene.rects["out"].topLeft() + QPointF(30, 12))
    assert not any(rect.intersects(note.rect) for rect in hand.scene.rects.values())
    hand.click(note.button.center())
    assert hand.session.problems == ()
    assert hand.scene.notes == {}
    assert hand.node("out").fields["units"] == 1


@pytest.mark.parametrize("language", ["en", "ko"])
def test_that_a_note_has_room_for_its_whole_sentence(hand, language):
    hand.session.edit(ANY, lambda document: edits.set_field(document, "out", "units", 3))
    try:
        set_language(language)
        note = hand.scene.notes["out"].note
        for form in note.variants():
            room, metrics = form.words_rect(), QFontMetricsF(caption_font())
            needed = metrics.boundingRect(room.adjusted(0.0, 0.0, 0.0, 500.0), Qt.TextFlag.TextWordWrap, form.text)
            assert needed.width() <= room.width()
            assert needed.height() <= room.height()
            assert form.button_rect().isEmpty() or form.button_rect().top() >= room.bottom()
            assert form.size[1] >= form.button_rect().bottom()
    finally:
        set_language("en")


def test_that_a_problem_of_the_whole_document_is_a_banner_with_its_remedy(hand):
    hand.session.edit(ANY, lambda document: edits.remove(document, ["loss"]))
    banner = hand.view.overlay.banner
    assert banner.isVisible()
    assert "Loss" in banner.text()
    banner.button.click()
    assert "loss" in {node.kind for node in hand.session.document.network.nodes}
    assert banner.isHidden()


def test_that_an_unknown_kind_is_a_placeholder_and_a_loop_is_drawn_without_an_exception(open_canvas):
    network = Network(
        (Node("x", "warp", {"power": 3}), Node("a", "add"), Node("b", "add"), Node("c", "dense", {"units": "many"})),
        (Wire("x", "a"), Wire("a", "b"), Wire("b", "a"), Wire("b", "gone")),
    )
    hand = open_canvas(Document(network=network))
    hand.settle()
    hand.view.grab()
    assert not hand.scene.faces["x"].known
    assert "warp" in hand.scene.faces["x"].title
    assert set(hand.scene.wires.courses) == {Wire("x", "a"), Wire("a", "b"), Wire("b", "a")}


def test_that_a_layer_shows_up_to_sixteen_units_and_a_wider_one_folds_to_its_weights(hand):
    def widen(units):
        hand.session.edit(ANY, lambda document: edits.set_field(document, "h1", "units", units))
        return hand.scene.faces["h1"]

    assert (len(widen(16).rows), widen(16).folded) == (16, None)
    assert (len(widen(17).rows), widen(17).folded) == (0, True)
    hand.view.toggle_fold("h1")
    assert hand.scene.faces["h1"].folded is False
    assert len(shape.tiles_of(hand.scene.faces["h1"], hand.scene.rects["h1"])) == 17
    assert hand.scene.faces["in"].rows == ("x₁", "x₂")


def test_that_an_activation_stands_at_the_side_of_its_layer_even_with_others_in_the_column(open_canvas):
    nodes = [Node("in", "input", {"features": ("x1", "x2")})]
    wires = []
    for k, units in enumerate((2, 5, 1)):
        nodes += [Node(f"h{k}", "dense", {"units": units}), Node(f"a{k}", "activation", {"function": "relu"})]
        wires += [Wire("in", f"h{k}"), Wire(f"h{k}", f"a{k}"), Wire(f"a{k}", "cat")]
    nodes += [Node("cat", "concat"), Node("out", "dense", {"units": 1}), Node("loss", "loss")]
    wires += [Wire("cat", "out"), Wire("out", "loss")]
    hand = open_canvas(Document(network=Network(tuple(nodes), tuple(wires))))
    for k in range(3):
        layer, joint = hand.scene.rects[f"h{k}"], hand.scene.rects[f"a{k}"]
        assert joint.left() == layer.right()
        assert joint.center().y() == layer.center().y()
    rects = list(hand.scene.rects.values())
    # Cards that touch do not intersect: QRectF.intersects leaves edges out.
    assert not any(one.intersects(other) for i, one in enumerate(rects) for other in rects[i + 1 :])


def test_that_the_live_loss_changes_at_most_four_times_a_second_and_ends_right(hand, qtbot, monkeypatch):
    shown = []
    monkeypatch.setattr(hand.scene.cards["loss"], "set_figure", shown.append)
    hand.session.train()
    begun = time.perf_counter()
    with qtbot.waitSignal(hand.session.ended, timeout=20_000):
        pass
    seconds = time.perf_counter() - begun
    qtbot.waitUntil(lambda: hand.session.snapshot is not None and not hand.session.snapshot.running, timeout=5000)
    changes = sum(one != other for one, other in pairwise(shown))
    assert changes <= 4.0 * seconds + 3
    assert shown[-1] == f"{hand.session.snapshot.figures.train_loss:.4f}"


def test_that_edges_are_smooth_at_rest_and_plain_while_it_trains(hand):
    smooth = QPainter.RenderHint.Antialiasing
    assert hand.view.renderHints() & smooth
    hand.session.train()
    assert hand.session.running
    assert not hand.view.renderHints() & smooth
    hand.session.pause()
    assert hand.view.renderHints() & smooth


def test_that_an_edit_of_a_large_network_is_painted_plainly_first_and_smoothly_when_it_rests(open_canvas, qtbot):
    hand = open_canvas(crowd())
    smooth = QPainter.RenderHint.Antialiasing
    qtbot.waitUntil(lambda: bool(hand.view.renderHints() & smooth), timeout=5000)
    hand.session.edit(ANY, lambda document: edits.set_all_enabled(document, False))
    assert not hand.view.renderHints() & smooth
    assert not hand.scene.wires.calm
    qtbot.waitUntil(lambda: bool(hand.view.renderHints() & smooth), timeout=5000)
    assert hand.scene.wires.calm
    assert all(card.live.smooth for card in hand.scene.cards.values())


def test_that_an_edit_of_a_small_network_stays_smooth(hand):
    actions.toggle(hand.session, "a1")
    assert hand.view.renderHints() & QPainter.RenderHint.Antialiasing
    assert hand.scene.wires.calm


def test_that_the_wheel_zooms_at_the_pointer_within_limits_and_the_network_stays_findable(hand):
    view, point = hand.view, QPoint(300, 200)

    def turn(angle):
        event = QWheelEvent(
            QPointF(point), QPointF(view.viewport().mapToGlobal(point)), QPoint(), QPoint(0, angle),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)

    before, scale = view.mapToScene(point), view.camera.scale
    turn(120)
    after = view.mapToScene(point)
    assert view.camera.scale > scale
    assert (after - before).manhattanLength() * view.camera.scale < 4.0
    for angle, limit in ((1200, LARGEST), (-1200, SMALLEST)):
        for _ in range(20):
            turn(angle)
        assert view.camera.scale == pytest.approx(limit)
    for by in (QPoint(10**6, 10**6), QPoint(-(10**6), -(10**6))):
        view.camera.pan(by)
        assert view.camera.visible().intersects(hand.scene.contents())
    view.fit()
    assert view.camera.fits()


def test_that_nothing_lies_over_the_cards_of_a_small_network_at_1280_by_720(open_canvas, small):
    hand = open_canvas(small)
    hand.view.resize(720, 560)
    hand.settle()
    hand.view.fit()
    cards = [hand.view.mapFromScene(rect).boundingRect() for rect in hand.scene.rects.values()]
    for over in (hand.view.overlay.summary, hand.view.overlay.zoom):
        assert over.isVisible()
        assert not any(over.geometry().intersects(card) for card in cards)


def test_that_the_theme_and_the_language_are_followed(hand):
    light = hand.view.grab().toImage().pixelColor(3, 3)
    theme.themes.put(theme.DARK)
    try:
        dark = hand.view.grab().toImage().pixelColor(3, 3)
    finally:
        theme.themes.put(theme.LIGHT)
    assert light == theme.LIGHT.surface
    assert dark == theme.DARK.surface


def crowd(nodes=200, wires=2000, seed=4):
    """Many cards with many wires, placed in a grid."""
    dice = random.Random(seed)
    made = [Node("in", "input", {"features": ("x1", "x2")}, position=(0.0, 0.0))]
    for k in range(1, nodes):
        kind = dice.choice(("add", "activation", "concat", "dense"))
        fields = {"dense": {"units": dice.randint(1, 12)}, "activation": {"function": "tanh"}}.get(kind, {})
        made.append(Node(f"n{k}", kind, fields, position=(float(k % 20) * 160.0, float(k // 20) * 260.0)))
    pairs = set()
    while len(pairs) < wires:
        one, other = sorted(dice.sample(range(nodes), 2))
        pairs.add((made[one].id, made[other].id))
    return Document(network=Network(tuple(made), tuple(Wire(*pair) for pair in sorted(pairs))))


def test_that_a_change_on_a_crowded_canvas_touches_what_it_changes(open_canvas, monkeypatch):
    hand = open_canvas(crowd())
    hand.settle()
    document = hand.session.document
    joint = next(node.id for node in document.network.nodes if node.kind == "activation")
    joints = {node.id for node in document.network.nodes if node.kind == "activation"}
    touched: set[str] = set()
    set_face = CardItem.set_face

    def note(card, face):
        if face != card.face:
            touched.add(face.id)
        set_face(card, face)

    monkeypatch.setattr(CardItem, "set_face", note)
    hand.view._show_document(document, edits.set_enabled(document, joint, False))
    assert touched == {joint}
    assert hand.scene.faces[joint].enabled is False
    touched.clear()
    hand.view._show_document(document, edits.set_all_enabled(document, False))
    assert touched == joints - {joint}


def test_that_what_is_kept_is_what_a_fresh_canvas_would_show(open_canvas, small):
    hand = open_canvas(small)
    hand.settle()
    dice = random.Random(7)
    for _ in range(120):
        act(hand, dice)
        hand.view.cancel_gesture()
        document = hand.session.document
        assert hand.scene.faces == draw(document.network, hand.session.problems).faces
        rects = shape.rects_of(document.network, hand.scene.faces)
        assert hand.scene.rects == rects
        assert {id: card.rect for id, card in hand.scene.cards.items()} == rects
        for wire in hand.scene.wires.courses:
            source, target = hand.scene.faces[wire.source], hand.scene.faces[wire.target]
            layered = target.kind == "dense" and target.width is not None
            flow = f"{source.width} → {target.width}" if layered else str(source.width)
            assert hand.scene.wires.captions[wire] == ("" if source.width is None else flow)
        assert hand.view._chain() == chain_of(document.network)


def test_that_a_lone_input_is_said_to_have_values_and_no_count_of_parameters(open_canvas):
    hand = open_canvas(Document(network=Network((Node("in", "input", {"features": ("x1", "x2")}),), ())))
    assert hand.view.overlay.summary.text() == "2 values"
    hand.session.edit(ANY, lambda document: edits.add_node(document, "h1", "dense", units=1))
    hand.session.edit(ANY, lambda document: edits.connect(document, "in", "h1"))
    assert hand.view.overlay.summary.text() == "2 → 1    3 parameters"


# --- everything, at random ---------------------------------------------------------------------------


def some(dice, items):
    items = sorted(items, key=str)
    return dice.choice(items) if items else None


def act(hand, dice):
    """One action of a user who knows no restraint."""
    view, session, scene = hand.view, hand.session, hand.scene
    ids = list(scene.cards)
    one, other, wire = some(dice, ids), some(dice, ids), some(dice, scene.wires.courses)
    kind = dice.randrange(18)
    if kind == 0 or not ids:
        view.add(some(dice, PLACEABLES.values()))
    elif kind == 1:
        session.select(dice.sample(ids, dice.randint(0, min(4, len(ids)))))
    elif kind == 2:
        view.delete()
    elif kind == 3:
        hand.drag(hand.title(one), hand.title(one) + QPointF(dice.uniform(-400, 400), dice.uniform(-400, 400)))
    elif kind == 4:
        hand.drag(hand.out(one), hand.into(other))
    elif kind == 5 and wire:
        view.select_wire(wire)
    elif kind == 6:
        view.copy()
    elif kind == 7 and len(ids) < 40:
        view.paste()
    elif kind == 8 and len(ids) < 40:
        view.duplicate()
    elif kind == 9:
        view.cut()
    elif kind in (10, 11):
        session.undo_stack.undo() if dice.random() < 0.6 else session.undo_stack.redo()
    elif kind == 12 and wire:
        actions.insert(session, some(dice, PLACEABLES.values()), wire, (dice.uniform(-900, 900), 0.0))
    elif kind == 13:
        view.toggle()
    elif kind == 14:
        actions.rename(session, one, dice.choice(("", "이름", "a" * 200)))
    elif kind == 15:
        actions.tidy(session)
    elif kind == 16:
        hand.key(dice.choice((Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Escape)))
    else:
        remedy = next((problem.remedy for problem in session.problems if problem.remedy), None)
        if remedy:
            session.edit(remedy.label, remedy.apply)


@pytest.mark.parametrize("seed", [1, 2])
def test_that_random_actions_never_raise_and_undo_all_returns_the_very_document(open_canvas, small, seed):
    hand = open_canvas(small)
    hand.settle()
    start, dice = hand.session.document, random.Random(seed)
    for _ in range(250):
        act(hand, dice)
        network = hand.session.document.network
        assert set(hand.scene.cards) == {node.id for node in network.nodes}
        assert set(hand.scene.wires.courses) == set(network.wires)
    hand.view.cancel_gesture()
    hand.view.grab()
    while hand.session.undo_stack.canUndo():
        hand.session.undo_stack.undo()
    assert hand.session.document == start
    assert set(hand.scene.cards) == {node.id for node in start.network.nodes}
