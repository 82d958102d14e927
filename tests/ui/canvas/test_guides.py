"""Cards that are dragged line up with others, and the guides say with what."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.messages import message
from playground.ui.canvas.guides import REACH, Aim, Guides, GuidesItem

CTRL = Qt.KeyboardModifier.ControlModifier
CARD = QRectF(0.0, 0.0, 80.0, 96.0)


def guides_of(hand) -> list[GuidesItem]:
    return [item for item in hand.scene.items() if isinstance(item, GuidesItem)]


def verticals(lines):
    return [line.x1() for line in lines if line.x1() == line.x2()]


def horizontals(lines):
    return [line.y1() for line in lines if line.y1() == line.y2()]


# --- where a place is drawn to ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moved", "dx", "at"),
    [
        (QRectF(4.0, 200.0, 40.0, 40.0), -4.0, 0.0),  # left to left
        (QRectF(44.0, 200.0, 40.0, 40.0), -4.0, 80.0),  # right to right
        (QRectF(16.0, 200.0, 40.0, 40.0), 4.0, 40.0),  # middle to middle
    ],
)
def test_that_sides_go_to_sides_and_middles_to_middles(moved, dx, at):
    aim = Guides({"a": CARD}).aim(moved, 1.0)
    assert (aim.dx, aim.dy) == (dx, 0.0)
    (line,) = aim.lines
    assert line.x1() == line.x2() == at
    assert min(line.y1(), line.y2()) < CARD.top()
    assert max(line.y1(), line.y2()) > moved.bottom(), "a guide joins both cards"


def test_that_the_reach_is_measured_on_the_screen():
    guides, moved = Guides({"a": CARD}), QRectF(8.0, 200.0, 80.0, 96.0)
    assert REACH == 6.0
    assert guides.aim(moved, 1.0) == Aim()
    assert guides.aim(moved, 0.5).dx == -8.0
    assert guides.aim(QRectF(4.0, 200.0, 80.0, 96.0), 2.0) == Aim()


def test_that_far_away_nothing_is_drawn_to_anything():
    assert Guides({"a": CARD}).aim(QRectF(500.0, 700.0, 80.0, 96.0), 1.0) == Aim()
    assert Guides({}).aim(CARD, 1.0) == Aim()


def test_that_a_card_between_two_others_is_drawn_to_even_gaps_and_both_are_shown():
    row = {"a": QRectF(0.0, 0.0, 80.0, 80.0), "b": QRectF(320.0, 0.0, 80.0, 120.0)}
    aim = Guides(row).aim(QRectF(156.0, 36.0, 80.0, 40.0), 1.0)
    assert aim.dx == 4.0
    gaps = sorted((gap.x1(), gap.x2()) for gap in aim.gaps)
    assert gaps == [(80.0, 160.0), (240.0, 320.0)]


@pytest.mark.parametrize("side", ["after", "before"])
def test_that_the_gap_of_two_neighbours_is_repeated_beside_them(side):
    row = {"a": QRectF(0.0, 0.0, 80.0, 80.0), "b": QRectF(140.0, 0.0, 80.0, 80.0)}
    left = 284.0 if side == "after" else -144.0
    aim = Guides(row).aim(QRectF(left, 20.0, 80.0, 32.0), 1.0)
    assert aim.dx == (-4.0 if side == "after" else 4.0)
    assert {abs(gap.x2() - gap.x1()) for gap in aim.gaps} == {60.0}
    assert len(aim.gaps) == 2


def test_that_gaps_are_even_in_columns_too():
    column = {"a": QRectF(0.0, 0.0, 80.0, 80.0), "b": QRectF(8.0, 320.0, 120.0, 80.0)}
    aim = Guides(column).aim(QRectF(48.0, 164.0, 40.0, 80.0), 1.0)
    assert aim.dy == -4.0
    assert sorted((gap.y1(), gap.y2()) for gap in aim.gaps) == [(80.0, 160.0), (240.0, 320.0)]


def test_that_a_place_off_the_grid_is_none_so_that_no_guide_lies():
    row = {"a": QRectF(0.0, 0.0, 80.0, 80.0), "b": QRectF(324.0, 0.0, 80.0, 120.0)}
    aim = Guides(row).aim(QRectF(160.0, 40.0, 80.0, 40.0), 1.0)
    assert not aim.gaps
    assert aim.dx == 0.0


def test_that_guides_go_through_every_card_that_stands_alike():
    cards = {name: QRectF(200.0 * index, 0.0, 80.0, 96.0) for index, name in enumerate("abc")}
    aim = Guides(cards).aim(QRectF(604.0, 4.0, 80.0, 96.0), 1.0)
    assert (aim.dx, aim.dy) == (-4.0, -4.0)
    for line in aim.lines:
        assert min(line.x1(), line.x2()) < 0.0
        assert max(line.x1(), line.x2()) > 680.0
    assert sorted(horizontals(aim.lines)) == [0.0, 48.0, 96.0]


# --- by hand ----------------------------------------------------------------------------------------


def test_that_a_dragged_card_is_drawn_to_the_middle_line_of_its_chain_and_a_guide_shows_it(hand):
    start = hand.title("out")
    hand.press(start)
    hand.move(start + QPointF(0.0, 90.0))
    (guides,) = guides_of(hand)
    hand.move(start + QPointF(10.0, 5.0))
    middle = hand.scene.rects["loss"].center().y()
    assert hand.scene.rects["out"].center().y() == middle
    assert middle in horizontals(guides.lines)
    hand.move(start + QPointF(10.0, 5.0), CTRL)
    assert hand.scene.rects["out"].center().y() == middle + 4.0, "Ctrl leaves it on the grid"
    assert guides.lines == ()
    hand.move(start + QPointF(10.0, 5.0))
    hand.release(start + QPointF(10.0, 5.0))
    assert not guides_of(hand)
    assert hand.scene.rects["out"].center().y() == middle
    assert hand.session.undo_stack.count() == 1


def test_that_what_a_guide_shows_is_what_the_document_holds(hand):
    start = hand.title("loss")
    hand.press(start)
    hand.move(start + QPointF(40.0, 60.0))
    hand.move(start + QPointF(20.0, 3.0))
    shown = hand.scene.rects["loss"].topLeft()
    hand.release(start + QPointF(20.0, 3.0))
    assert hand.node("loss").position == (shown.x(), shown.y())


@pytest.mark.parametrize("view", ["drawing", "neurons"])
def test_that_a_card_stays_where_it_was_dropped_in_every_view_and_unfolded(hand, view, qtbot):
    hand.session.edit(message("wide"), lambda document: edits.set_field(document, "h1", "units", 20))
    hand.view.toggle_fold("h1")
    hand.view.set_view(view)
    qtbot.waitUntil(lambda: hand.scene.manner.bare in (0.0, 1.0))
    for by in (QPointF(40.0, -80.0), QPointF(-12.0, 60.0)):
        middles = {id: rect.center() for id, rect in hand.scene.rects.items()}
        start = hand.scene.rects["in"].center() if view == "drawing" else hand.title("in")
        hand.drag(start, start + by, CTRL)
        moved = hand.scene.rects["in"].center() - middles["in"]
        assert (moved - by).manhattanLength() <= 8.0
        if view == "neurons":
            assert {id: rect.center() for id, rect in hand.scene.rects.items() if id != "in"} == {
                id: middle for id, middle in middles.items() if id != "in"
            }
        hand.session.select(["in"])
        before = hand.scene.rects["in"].center()
        hand.key(Qt.Key.Key_Down, CTRL)
        assert hand.scene.rects["in"].center() == before + QPointF(0.0, 4.0)


def test_that_esc_takes_the_guides_away(hand):
    start = hand.title("out")
    hand.press(start)
    hand.move(start + QPointF(0.0, 40.0))
    hand.move(start + QPointF(2.0, 2.0))
    assert guides_of(hand)
    hand.key(Qt.Key.Key_Escape)
    assert not guides_of(hand)
    assert hand.session.undo_stack.count() == 0


def test_that_guides_are_painted_in_the_accent_colour_at_any_scale(hand):
    for scale in (0.5, 1.0, 2.0):
        hand.view.camera.zoom(scale / hand.view.camera.scale)
        item = GuidesItem()
        item.show_aim(Aim(0.0, 0.0, (QLineF(0.0, -200.0, 0.0, 200.0),), (QLineF(20.0, 60.0, 90.0, 60.0),)))
        hand.scene.addItem(item)
        assert item.boundingRect().contains(QRectF(-1.0, -200.0, 92.0, 400.0))
        hand.view.grab()
        hand.scene.removeItem(item)


def crowd(count: int = 200) -> Document:
    nodes = [Node("in", "input", {"features": ("x1", "x2")}, position=(0.0, 0.0))]
    wires = []
    for index in range(count - 1):
        column, row = divmod(index, 10)
        nodes.append(Node(f"h{index}", "dense", {"units": 4}, position=(200.0 + 200.0 * column, 220.0 * row - 1000.0)))
        wires.append(Wire(f"h{index - 10}" if column else "in", f"h{index}"))
    return Document(network=Network(tuple(nodes), tuple(wires)))
