"""Weights as lines between the cards: what a line says, which one is under the pointer, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem
from strands import FIRST, SECOND, on_strand

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.messages import message
from playground.ui.canvas import shape
from playground.ui.canvas.courses import Course
from playground.ui.canvas.scene import CanvasScene
from playground.ui.canvas.weight_lines import FULL, WIDTHS, bucket_of, pen_of, shown
from playground.ui.canvas.wires import MOST_STRANDS, REACH, WiresItem
from playground.ui.theme import DARK, LIGHT, themes
from playground.ui.translation import figure

pytestmark = pytest.mark.usefixtures("qapp")


def chain(*nodes: Node) -> Network:
    return Network(nodes, tuple(Wire(one.id, other.id) for one, other in pairwise(nodes)))


def deep(layers: int, units: int) -> Document:
    nodes = [Node("in", "input", {"features": ("x1", "x2", "x1^2", "x2^2")})]
    for k in range(layers):
        nodes += [Node(f"h{k}", "dense", {"units": units}), Node(f"a{k}", "activation", {"function": "tanh"})]
    return Document(network=chain(*nodes, Node("out", "dense", {"units": 1}), Node("loss", "loss")))


@pytest.fixture
def joined() -> Callable[[int, int], tuple[WiresItem, Wire]]:
    """One wire from so many inputs to a layer of so many units, without a session."""
    scenes: list[CanvasScene] = []

    def join(inputs: int, units: int) -> tuple[WiresItem, Wire]:
        features = tuple(f"c{k}" for k in range(inputs))
        network = chain(Node("in", "input", {"features": features}), Node("h", "dense", {"units": units}))
        scenes.append(CanvasScene())
        scenes[-1].show(Document(network=network), ())
        scenes[-1].wires.captions = {}
        return scenes[-1].wires, network.wires[0]

    return join


def painted(item: WiresItem, scale: float = 1.0) -> QImage:
    """The wires alone, on the surface, without antialiasing."""
    rect = item.boundingRect()
    image = QImage(round(rect.width() * scale), round(rect.height() * scale), QImage.Format.Format_RGB32)
    image.fill(themes.current().surface)
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.translate(-rect.topLeft())
    option = QStyleOptionGraphicsItem()
    option.exposedRect = rect
    item.paint(painter, option)
    painter.end()
    return image


def colors_along(item: WiresItem, wire: Wire, strand: int = 0) -> list[str]:
    """The colour of the picture at many points along a strand."""
    image, corner = painted(item), item.boundingRect().topLeft()
    points = item.courses[wire].strands[strand]
    found = []
    for one, other in pairwise(points):
        for share in np.linspace(0.05, 0.95, 12):
            x, y = one + share * (other - one)
            found.append(QColor(image.pixel(int(x - corner.x()), int(y - corner.y()))).name())
    return found


# --- what a line says ------------------------------------------------------------------------------------------------


def test_that_a_line_is_as_wide_as_its_weight_is_large_and_no_wider_than_the_widest():
    widths = [pen_of(int(bucket_of(np.array(size))), themes.current())[1] for size in np.linspace(0.0, FULL, 200)]
    assert widths == sorted(widths)
    assert set(widths) == set(WIDTHS)
    assert bucket_of(np.array([FULL, 80.0, 1e6, np.inf])).tolist() == [2 * len(WIDTHS) - 1] * 4
    assert bucket_of(np.array([-FULL, -80.0])).tolist() == [2 * len(WIDTHS) - 2] * 2


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_a_line_has_the_colour_of_its_sign_and_a_tiny_weight_is_faint(theme):
    strong, faint = (pen_of(int(bucket_of(np.array(size))), theme)[0] for size in (2.9, 0.01))
    assert strong == theme.positive
    assert pen_of(int(bucket_of(np.array(-2.9))), theme)[0] == theme.negative
    distance = [
        sum(abs(one - other) for one, other in zip(color.getRgb(), theme.surface.getRgb(), strict=True))
        for color in (strong, faint)
    ]
    assert 0 < distance[1] < 0.5 * distance[0]


def test_that_a_line_above_zero_is_whole_and_one_below_is_dashed(joined):
    item, wire = joined(1, 1)
    theme = themes.current()
    item.show_weights({wire: np.array([[2.9]])})
    assert set(colors_along(item, wire)) == {theme.positive.name()}
    item.show_weights({wire: np.array([[-2.9]])})
    found = colors_along(item, wire)
    assert set(found) == {theme.negative.name(), theme.surface.name()}
    gaps = sum(one != other and other == theme.surface.name() for one, other in pairwise(found))
    assert gaps >= 4
    assert found.count(theme.negative.name()) > len(found) / 2


def test_that_each_strand_is_drawn_by_its_own_weight(joined):
    item, wire = joined(2, 3)
    weights = np.array([[2.9, -0.4, 1.3], [-2.0, 0.9, -0.1]])
    item.show_weights({wire: weights})
    buckets = item.weights.buckets(item.courses, True)
    for index, weight in np.ndenumerate(weights):
        drawn = set(map(tuple, buckets[int(bucket_of(np.array(weight)))].tolist()))
        points = item.courses[wire].strands[index[0] * 3 + index[1]]
        whole = {(*one, *other) for one, other in pairwise(points.tolist())}
        assert (whole <= drawn) if weight > 0 else (whole & drawn and not whole <= drawn)
    assert sum(len(lines) > 0 for lines in buckets) == 6


def test_that_every_frame_sorts_the_same_lines_by_its_own_weights(joined, monkeypatch):
    item, wire = joined(8, 16)
    rng, strands = np.random.default_rng(1), item.courses[wire].strands
    made = []
    segments = Course.segments
    monkeypatch.setattr(Course, "segments", lambda *course: made.append(course) or segments(*course))
    for _ in range(50):
        weights = rng.normal(0.0, 2.0, (8, 16))
        item.show_weights({wire: weights})
        buckets = item.weights.buckets(item.courses, True)
        for bucket, lines in enumerate(buckets):
            chosen = strands[bucket_of(weights).reshape(-1) == bucket]
            whole = np.concatenate([chosen[:, :-1], chosen[:, 1:]], axis=2).reshape(-1, 4)
            if bucket % 2:
                np.testing.assert_array_equal(lines, whole)
            else:
                assert set(map(tuple, lines.tolist())) < set(map(tuple, whole.tolist())) or not len(whole)
    assert len(made) == 1, "the lines of a course are worked out once"


def test_that_a_wire_without_weights_is_one_plain_colour_and_so_is_one_whose_weights_are_gone(joined):
    item, wire = joined(2, 2)
    theme = themes.current()
    plain = {theme.edge.name(), theme.surface.name()}
    for weights in ({}, {wire: None}):
        item.show_weights({wire: np.full((2, 2), 2.0)})
        assert not set(colors_along(item, wire)) <= plain
        item.show_weights(weights)
        assert set(colors_along(item, wire)) <= plain


def test_that_the_drawing_has_lines_of_one_thin_plain_colour(joined):
    item, wire = joined(2, 2)
    item.show_weights({wire: np.array([[2.9, -2.9], [-1.0, 1.0]])})
    item.plain = True
    image, theme = painted(item), themes.current()
    found = {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}
    assert found == {theme.edge.name(), theme.surface.name()}
    assert item.weight_at(QPointF(*item.courses[wire].strands[0][7])) is None


def test_that_the_last_of_fewer_lines_stands_for_the_others_by_their_mean_square():
    weights = np.array([[1.0, 2.0], [3.0, -4.0], [0.0, -3.0], [-4.0, 0.0]])
    np.testing.assert_allclose(shown(weights, 3, 2), [[1.0, 2.0], [3.0, -4.0], [-(8.0**0.5), -(4.5**0.5)]])
    one = shown(weights, 1, 1)
    assert one.shape == (1, 1)
    assert abs(one[0, 0]) == pytest.approx(np.sqrt((weights**2).mean()))
    np.testing.assert_array_equal(shown(weights, 4, 2), weights)


def test_that_a_unit_that_was_just_added_takes_no_line_of_another(joined):
    """The weights come a moment later; until then its lines are those of 0."""
    item, wire = joined(2, 3)
    item.show_weights({wire: np.array([[2.9, -2.9], [2.9, -2.9]])})
    theme = themes.current()
    assert themes.current().positive.name() in colors_along(item, wire, 0)
    assert theme.negative.name() in colors_along(item, wire, 4)
    for strand, index in ((2, None), (5, None), (3, (1, 0))):
        point = QPointF(*item.courses[wire].strands[strand][-2])
        found = item.weight_at(point)
        assert (found and found[1]) == index or index is None
        assert found is None or found[1][1] < 2
    faint = pen_of(int(bucket_of(np.array(0.0))), theme)[0]
    assert faint.name() in colors_along(item, wire, 2)


def test_that_too_many_lines_become_one_for_each_wire():
    scene = CanvasScene()
    scene.show(deep(11, 16), ())
    wires = scene.wires
    assert sum(len(course.strands) for course in wires.courses.values()) > MOST_STRANDS
    weights = np.random.default_rng(2).normal(0.0, 1.0, (16, 16))
    wire = Wire("a0", "h1")
    wires.show_weights({wire: weights})
    lines = [bucket for bucket, found in enumerate(wires.weights.buckets(wires.courses, False)) if len(found)]
    assert lines == [int(bucket_of(shown(weights, 1, 1))[0, 0])]
    middle = wires.courses[wire].middle
    assert wires.weight_at(middle) is None
    assert wires.nearest(middle) == wire
    scene.show(deep(2, 16), ())
    wires.show_weights({wire: weights})
    assert wires.weight_at(QPointF(*wires.courses[wire].strands[7][9])) is not None


# --- how fast --------------------------------------------------------------------------------------------------------


def test_that_edges_are_smooth_only_while_nothing_moves(at_work, qtbot):
    smooth = QPainter.RenderHint.Antialiasing
    assert at_work.view.renderHints() & smooth
    at_work.session.train()
    qtbot.waitUntil(lambda: at_work.session.running, timeout=8000)
    assert not at_work.view.renderHints() & smooth
    assert not at_work.scene.wires.calm
    at_work.session.pause()
    qtbot.waitUntil(lambda: not at_work.session.running, timeout=8000)
    assert at_work.view.renderHints() & smooth
    assert at_work.scene.wires.calm


# --- which one is under the pointer ----------------------------------------------------------------------------------


def slow_distance(points: np.ndarray, x: float, y: float) -> float:
    """From a point to a line of many pieces, the plain way."""
    best = float("inf")
    for (x1, y1), (x2, y2) in pairwise(points.tolist()):
        along = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)))
        best = min(best, np.hypot(x1 + along * (x2 - x1) - x, y1 + along * (y2 - y1) - y))
    return best


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_that_the_nearest_line_within_reach_is_found(joined, scale):
    item, wire = joined(4, 5)
    item.show_weights({wire: np.random.default_rng(4).normal(0.0, 1.0, (4, 5))})
    strands, (left, top, right, bottom) = item.courses[wire].strands, item.courses[wire].limits
    rng, hits = np.random.default_rng(5), 0
    for _ in range(300):
        x, y = rng.uniform(left - 9.0, right + 9.0), rng.uniform(top - 9.0, bottom + 9.0)
        distances = [slow_distance(strand, x, y) for strand in strands]
        found = item.weight_at(QPointF(x, y), scale)
        if min(distances) > REACH / scale:
            assert found is None
            continue
        assert found is not None
        assert found[0] == wire
        assert distances[found[1][0] * 5 + found[1][1]] == pytest.approx(min(distances))
        hits += 1
    assert 30 < hits < 290


def test_that_a_line_stands_for_a_single_weight_only_where_its_row_is_shown(joined):
    item, wire = joined(57, 2)
    item.show_weights({wire: np.random.default_rng(6).normal(0.0, 1.0, (57, 2))})
    strands = item.courses[wire].strands
    assert item.weight_at(QPointF(*strands[13][1])) == (wire, (6, 1))
    assert item.weight_at(QPointF(*strands[14][1])) is None, "that row counts the other 50"
    assert item.nearest(QPointF(*strands[14][1])) == wire
    assert item.own_lines(wire) == [(row, unit) for row in range(7) for unit in range(2)]
    assert item.weights.strand(wire, item.courses[wire], (7, 0)) is None


def test_that_nothing_is_found_where_no_weights_are(at_work):
    wire = Wire("out", "loss")
    assert at_work.scene.wires.weight_at(at_work.scene.wires.courses[wire].middle) is None
    assert at_work.scene.hit(at_work.scene.wires.courses[wire].middle).part == "wire"
    at_work.view._at_work.forget()
    assert at_work.scene.wires.weight_at(QPointF(*at_work.scene.wires.courses[FIRST].strands[0][7])) is None


# --- what is told of it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wire", "index", "name"), [(FIRST, (0, 2), "x₁ → z₃"), (SECOND, (3, 0), "a₄ → z")])
def test_that_the_pointer_is_told_name_value_and_gradient_of_a_weight(at_work, wire, index, name):
    at_work.move(on_strand(at_work.scene, wire, index))
    snapshot, card = at_work.session.snapshot, at_work.view.pointed.card
    views = snapshot.plan.program.views
    weight, slope = (
        float(views(flat)[f"{wire.target}.weight"][index]) for flat in (snapshot.values, snapshot.gradient)
    )
    lines = card.text().split("\n")
    assert card.isVisible()
    assert lines[0] == f"w   {name}"
    assert lines[1] == f"value {'−' if weight < 0 else '+'}{figure(abs(weight))}"
    assert lines[2] == f"∂L/∂w   {'−' if slope < 0 else '+'}{figure(abs(slope))}"
    assert card._lines[2].color == "gradient"
    assert at_work.scene.wires.lit == (wire, index)
    assert at_work.view.viewport().cursor().shape() == Qt.CursorShape.SizeVerCursor
    assert at_work.view.viewport().rect().contains(card.geometry())
    assert card.accessibleName() == card.text()


def test_that_the_card_and_the_light_go_when_the_pointer_does(at_work):
    at_work.move(on_strand(at_work.scene, FIRST, (1, 0)))
    assert at_work.view.pointed.card.isVisible()
    at_work.move(at_work.scene.contents().bottomLeft() + QPointF(0.0, 20.0))
    assert not at_work.view.pointed.card.isVisible()
    assert at_work.scene.wires.lit is None
    at_work.move(on_strand(at_work.scene, FIRST, (1, 0)))
    QApplication.sendEvent(at_work.view.viewport(), QEvent(QEvent.Type.Leave))
    assert not at_work.view.pointed.card.isVisible()
    assert at_work.scene.wires.lit is None


@pytest.mark.parametrize("sign", [1, -1])
def test_that_a_lit_line_stands_out_and_still_has_its_colour(joined, sign):
    item, wire = joined(1, 1)
    item.show_weights({wire: np.array([[sign * 2.0]])})
    plain = painted(item)
    item.light((wire, (0, 0)))
    lit, theme = painted(item), themes.current()
    assert lit != plain
    found = {QColor(lit.pixel(x, y)).name() for x in range(lit.width()) for y in range(lit.height())}
    assert theme.text.name() in found
    assert pen_of(int(bucket_of(np.array(sign * 2.0))), theme)[0].name() in found
    item.light((wire, (5, 0)))
    assert painted(item) == plain, "there is no such weight"


def test_that_a_frozen_weight_is_called_so(at_work):
    point = on_strand(at_work.scene, FIRST, (0, 1))
    at_work.session.edit(message("test"), lambda document: edits.freeze_weight(document, "h1", 0, 1, True))
    at_work.move(point)
    assert "frozen" in at_work.view.pointed.card.text()
    at_work.move(on_strand(at_work.scene, FIRST, (1, 1)))
    assert "frozen" not in at_work.view.pointed.card.text()
    at_work.session.edit(message("test"), lambda document: edits.set_field(document, "h1", "frozen", True))
    at_work.view.pointed.renew()
    assert "frozen" in at_work.view.pointed.card.text()


def test_that_a_unit_is_looked_at_large_and_told_with_its_equation(at_work):
    looked: list[object] = []
    at_work.view.unit_hovered.connect(looked.append)
    tile = shape.tiles_of(at_work.scene.faces["h1"], at_work.scene.rects["h1"])[1]
    at_work.move(tile.center())
    assert looked == [("h1", 1)]
    assert at_work.scene.cards["h1"].live.lit == 1
    snapshot = at_work.session.snapshot
    views = snapshot.plan.program.views(snapshot.values)
    w1, w2 = views["h1.weight"][:, 1]
    bias, slope = views["h1.bias"][1], snapshot.plan.program.views(snapshot.gradient)["h1.bias"][1]
    title, equation, gradient = at_work.view.pointed.card.text().split("\n")
    assert title == "Dense 4, unit 2"
    first = f"{'−' if w1 < 0 else ''}{abs(w1):.2f}·x₁"
    second = f"{'−' if w2 < 0 else '+'} {abs(w2):.2f}·x₂"
    assert equation == f"z₂ = {first} {second} {'−' if bias < 0 else '+'} {figure(abs(float(bias)), decimals=2)}"
    assert gradient == f"∂L/∂b   {'−' if slope < 0 else '+'}{figure(abs(float(slope)))}"
    at_work.move(tile.center() + QPointF(2.0, 2.0))
    assert looked == [("h1", 1)], "told once"
    at_work.move(at_work.title("loss"))
    assert looked == [("h1", 1), None]
    assert at_work.scene.cards["h1"].live.lit is None


def test_that_a_long_sum_is_elided_after_four_terms_and_counted(at_work, qtbot):
    at_work.session.edit(message("test"), lambda document: edits.set_field(document, "h1", "units", 9))
    qtbot.waitUntil(lambda: at_work.session.snapshot.plan.program.widths["h1"] == 9, timeout=8000)
    tile = shape.tiles_of(at_work.scene.faces["out"], at_work.scene.rects["out"])[0]
    at_work.move(tile.center())
    equation = at_work.view.pointed.card.text().split("\n")[1]
    assert equation.startswith("z = ")
    assert equation.count("·a") == 4
    assert "a₄ + … (9 terms)" in equation


def test_that_what_is_told_keeps_up_while_it_trains(at_work, qtbot):
    at_work.move(on_strand(at_work.scene, FIRST, (0, 0)))
    told = {at_work.view.pointed.card.text()}
    left = at_work.view.pointed.card.x()
    at_work.session.reading.connect(lambda _snapshot: told.add(at_work.view.pointed.card.text()))
    at_work.session.train()
    qtbot.waitUntil(lambda: len(told) >= 3, timeout=15000)
    at_work.session.pause()
    assert at_work.view.pointed.card.isVisible()
    assert at_work.view.pointed.card.x() == left, "figures do not make it jump"


def test_that_a_weight_that_goes_while_the_pointer_rests_on_it_is_not_told_any_more(at_work, qtbot):
    """By key, or by undo: the pointer does not move."""
    wires = at_work.scene.wires
    for change in (
        lambda document: edits.remove(document, ("in",)),
        lambda document: edits.remove(document, ("h1",)),
        lambda document: edits.set_field(document, "h1", "units", 1),
        lambda document: edits.set_field(document, "in", "features", ("x1",)),
    ):
        at_work.move(on_strand(at_work.scene, FIRST, (1, 3)))
        assert at_work.view.pointed.card.isVisible()
        at_work.session.edit(message("test"), change)
        at_work.session.reading.emit(at_work.session.snapshot)
        at_work.view.grab()
        qtbot.waitUntil(lambda: wires.lit is None or wires.lit[1] in wires.own_lines(wires.lit[0]), timeout=8000)
        assert wires.lit is None or wires.lit[0] in wires.courses
        at_work.session.undo_stack.undo()
        qtbot.waitUntil(lambda: at_work.session.first_error is None, timeout=8000)
        qtbot.waitUntil(lambda: (1, 3) in at_work.scene.wires.own_lines(FIRST), timeout=8000)


def test_that_in_the_drawing_no_weight_is_told(at_work, qtbot):
    point = on_strand(at_work.scene, FIRST, (0, 1))
    at_work.move(point)
    at_work.view.set_view("drawing")
    qtbot.waitUntil(lambda: at_work.scene.manner.bare == 1.0, timeout=8000)
    assert not at_work.view.pointed.card.isVisible()
    for course in at_work.scene.wires.courses.values():
        assert at_work.scene.hit(course.middle).part != "weight"
