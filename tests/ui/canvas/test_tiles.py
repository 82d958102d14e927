"""What each unit answers over the plane, on its card: colours, orientation, whose map stands where, and wide layers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from playground.document import edits
from playground.document.model import Wire
from playground.engine.health import UnitState
from playground.messages import message
from playground.training.snapshot import Snapshot
from playground.ui.canvas import shape
from playground.ui.canvas.matrix import FULL_WEIGHT, MOST_CELLS, matrix_image
from playground.ui.canvas.tiles import map_image, step_for
from playground.ui.plots.picture import signed_colors
from playground.ui.plots.region import RegionPlot
from playground.ui.plots.scene import CELLS, MAP_SIDE
from playground.ui.theme import DARK, LIGHT, themes

ANY = message("test")
BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def pixels(image: QImage) -> np.ndarray:
    """An image as [rows, columns] of 0xffRRGGBB; the first row is the uppermost."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    memory = np.frombuffer(image.constBits(), dtype=np.uint32)
    return memory.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()


def channels(colors: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(colors).view(np.uint8).astype(int)


def ramp(across: float = 1.0, up: float = 0.0) -> np.ndarray:
    """A map [MAP_SIDE²] that rises to the right and, with `up`, upwards; its rows run from the lowest up."""
    span = np.linspace(-1.0, 1.0, MAP_SIDE)
    return (across * span[None, :] + up * span[:, None]).astype(np.float32).reshape(-1)


@pytest.fixture
def seen(at_work, qtbot):
    """The canvas of a 2-4-1 network with the map of every unit; a plot that is never shown says which plane."""
    plot = RegionPlot(at_work.session)
    qtbot.addWidget(plot)
    at_work.plot = plot
    with_maps(at_work, qtbot)
    return at_work


def with_maps(hand, qtbot, *ids):
    """Until these cards, or all that can, show a map of each of their units as they are now."""
    cards = hand.scene.cards

    def shown():
        wanted = ids or [id for id, card in cards.items() if card.face.kind in ("input", "dense")]
        return all(
            cards[id].live.maps is not None and len(cards[id].live.maps) == cards[id].face.width for id in wanted
        )

    qtbot.waitUntil(shown, timeout=8000)


def painted(card, side: int = 0) -> QImage:
    """What lives on a card, alone, on a ground that is no colour of a map; `side` is how many pixels a unit is."""
    width, height = card.size
    scale = side / shape.tile_of(card.face) if side else 1.0
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    painter.scale(scale, scale)
    option = QStyleOptionGraphicsItem()
    option.exposedRect = QRectF(0.0, 0.0, width, height)
    card.live.paint(painter, option)
    painter.end()
    return image


def tile(card, unit: int) -> np.ndarray:
    """The pixels of a unit's map as they are painted, each cell one pixel, without the outline of two pixels."""
    picture = pixels(painted(card, MAP_SIDE))
    box = shape.tiles_of(card.face, QRectF(0.0, 0.0, *card.size))[unit]
    scale = MAP_SIDE / box.width()
    left, top = round(box.left() * scale), round(box.top() * scale)
    return picture[top : top + MAP_SIDE, left : left + MAP_SIDE][3:-3, 3:-3]


# --- colours -------------------------------------------------------------------------------------------


@BOTH
def test_that_zero_is_the_surface_and_one_and_beyond_have_the_full_colour(theme):
    values = np.array([0.0, 1.0, -1.0, 7.0, -7.0, np.inf, -np.inf], dtype=np.float32)
    made = pixels(map_image(np.repeat(values[:, None], MAP_SIDE**2, axis=1), theme).image)
    colors = [int(made[unit * MAP_SIDE, 0]) for unit in range(len(values))]
    positive, negative = (int(signed_colors(np.array([[end]]), theme)[0, 0]) for end in (1.0, -1.0))
    assert colors[0] == theme.surface.rgb()
    assert colors[1] == colors[3] == colors[5] == positive
    assert colors[2] == colors[4] == colors[6] == negative
    assert len({theme.surface.rgb(), positive, negative}) == 3


@BOTH
def test_that_a_map_has_the_colours_of_the_decision_region(theme):
    values = np.linspace(-1.3, 1.3, MAP_SIDE**2, dtype=np.float32)
    wanted = signed_colors(values.reshape(MAP_SIDE, MAP_SIDE)[::-1], theme)
    made = pixels(map_image(values[None], theme).image)
    # The one rounds halves up, the other to even.
    assert np.abs(channels(made) - channels(wanted)).max() <= 2


@BOTH
def test_that_what_is_no_number_is_grey_and_a_unit_that_is_nowhere_one_is_told(theme):
    values = np.stack([ramp(), np.full(MAP_SIDE**2, np.nan, dtype=np.float32)])
    values[0, :MAP_SIDE] = np.nan
    made = map_image(values, theme)
    colors = pixels(made.image)
    assert (colors[MAP_SIDE:] == theme.chip.rgb()).all()
    assert (colors[MAP_SIDE - 1] == theme.chip.rgb()).all(), "the lowest row of the first"
    assert (colors[: MAP_SIDE - 1] == pixels(map_image(ramp()[None], theme).image)[: MAP_SIDE - 1]).all()
    assert made.undefined == {1}


def test_that_up_is_up_right_is_right_and_each_unit_has_its_own_part():
    made = map_image(np.stack([ramp(1.0, 0.0), ramp(0.0, 1.0)]), LIGHT)
    orange, blue = LIGHT.positive.hue(), LIGHT.negative.hue()

    def hue(x, y):
        return QColor(made.image.pixel(x, y)).hue()

    last = MAP_SIDE - 1
    assert [hue(0, 0), hue(0, last), hue(last, 0), hue(last, last)] == pytest.approx(
        [blue, blue, orange, orange], abs=3
    )
    assert [hue(0, MAP_SIDE), hue(last, MAP_SIDE)] == pytest.approx([orange, orange], abs=3), "above"
    assert [hue(0, MAP_SIDE + last), hue(last, MAP_SIDE + last)] == pytest.approx([blue, blue], abs=3), "below"
    assert made.source(1) == QRectF(0.0, MAP_SIDE, MAP_SIDE, MAP_SIDE)


@pytest.mark.parametrize("step", [2, 4])
def test_that_a_small_map_is_the_same_picture_of_fewer_cells(step):
    """What is painted a few pixels wide needs no more cells than that."""
    maps = np.stack([ramp(1.0, 0.0), ramp(0.2, 1.0)])
    fine, coarse = map_image(maps, LIGHT), map_image(maps, LIGHT, step)
    side = MAP_SIDE // step
    assert coarse.source(1) == QRectF(0.0, side, side, side)
    assert (coarse.image.width(), coarse.image.height()) == (side, 2 * side)
    every = pixels(fine.image).reshape(2 * side, step, side, step)
    assert (
        (pixels(coarse.image)[:, :, None] == every.transpose(0, 2, 1, 3).reshape(2 * side, side, -1)).any(axis=2).all()
    )
    assert [step_for(MAP_SIDE / step), step_for(MAP_SIDE / step + 1.0)] == [step, step // 2]


# --- on the card ----------------------------------------------------------------------------------------


def test_that_the_features_are_seen_as_what_they_are(seen):
    """The first rises to the right, the second upwards, as on the axes of the decision region."""
    first, second = (channels(tile(seen.scene.cards["in"], unit)) for unit in (0, 1))
    red = 2
    assert first[:, -4:].reshape(len(first), -1, 4)[..., red].mean() > first[:, :4].reshape(-1, 4)[:, red].mean() + 20
    upper, lower = second[:4].reshape(-1, 4), second[-4:].reshape(-1, 4)
    assert upper[:, red].mean() > lower[:, red].mean() + 20


@pytest.mark.parametrize("unit", [0, 3])
def test_that_a_painted_map_is_the_region_s_picture_of_that_unit(seen, qtbot, unit):
    seen.plot.resize(420, 480)
    seen.plot.show()
    seen.plot.show_unit("h1", unit)
    qtbot.waitUntil(lambda: seen.plot._unit == ("h1", unit), timeout=8000)
    large = seen.plot.view.picture.colors[::-1]
    at = ((np.arange(MAP_SIDE) + 0.5) * CELLS / MAP_SIDE).astype(int)[3:-3]
    wanted, shown = channels(large[np.ix_(at, at)]), channels(tile(seen.scene.cards["h1"], unit))
    assert np.abs(wanted - shown).mean() < 3.0, "the middles of cells are not quite the same places"
    assert np.abs(wanted[::-1] - shown).mean() > 8.0, "and not upside down"


def test_that_every_unit_s_map_is_its_own_output(seen):
    snapshot = seen.session.snapshot
    for id, width in (("in", 2), ("h1", 4), ("out", 1)):
        card = seen.scene.cards[id]
        assert np.array_equal(card.live.maps, snapshot.maps[id], equal_nan=True)
        for unit in range(width):
            wanted = signed_colors(snapshot.maps[id][unit].reshape(MAP_SIDE, MAP_SIDE)[::-1], themes.current())
            assert np.abs(channels(tile(card, unit)) - channels(wanted[3:-3, 3:-3])).max() <= 2


def test_that_an_activation_shows_its_curve_and_asks_for_no_maps(seen):
    assert seen.scene.cards["a1"].live.maps is None
    assert set(seen.view._wanted) == {"in", "h1", "out"}


def test_that_maps_follow_training(seen, qtbot):
    before = seen.scene.cards["h1"].live.maps.copy()
    seen.session.train()
    qtbot.waitUntil(lambda: np.abs(seen.scene.cards["h1"].live.maps - before).max() > 0.1, timeout=8000)
    seen.session.pause()


def test_that_a_layer_with_another_number_of_units_shows_none_of_the_old_ones_maps(seen, qtbot):
    seen.session.edit(ANY, lambda document: edits.set_field(document, "h1", "units", 6))
    maps = seen.scene.cards["h1"].live.maps
    assert maps is None or len(maps) in (4, 6)
    seen.view.grab()
    with_maps(seen, qtbot, "h1")
    assert len(shape.tiles_of(seen.scene.faces["h1"], seen.scene.rects["h1"])) == 6
    assert np.array_equal(seen.scene.cards["h1"].live.maps, seen.session.snapshot.maps["h1"])


def test_that_another_document_begins_with_circles(seen):
    seen.session.open(replace(seen.session.document, data=replace(seen.session.document.data, kind="circle")))
    assert all(card.live.maps is None and card.live.biases is None for card in seen.scene.cards.values())


def test_that_another_theme_has_its_own_colours(seen):
    card = seen.scene.cards["h1"]
    themes.choose("light")
    light = tile(card, 0)
    themes.choose("dark")
    try:
        dark = tile(card, 0)
        wanted = signed_colors(card.live.maps[0].reshape(MAP_SIDE, MAP_SIDE)[::-1], DARK)[3:-3, 3:-3]
        assert np.abs(channels(dark) - channels(wanted)).max() <= 2
    finally:
        themes.choose("light")
    assert (light != dark).mean() > 0.5


def test_that_a_bias_is_written_below_its_map_and_taken_from_the_network(seen, qtbot):
    seen.session.set_parameter("h1.bias", (2,), -1.234)
    live = seen.scene.cards["h1"].live
    qtbot.waitUntil(lambda: live.biases is not None and live.biases[2] == -1.234, timeout=8000)
    assert live._words[2] == "b −1.23"
    seen.session.edit(ANY, lambda document: edits.set_field(document, "h1", "bias", False))
    qtbot.waitUntil(lambda: live.biases is None, timeout=8000)


def test_that_small_maps_have_a_mark_for_the_bias_by_sign_and_size(seen, qtbot):
    """Hollow below 0 and filled above, so that not only the hue differs."""
    seen.session.edit(ANY, lambda document: edits.set_field(document, "h1", "units", 12))
    with_maps(seen, qtbot, "h1")
    for unit, value in ((0, 2.0), (1, -2.0), (2, 0.2)):
        seen.session.set_parameter("h1.bias", (unit,), value)
    card = seen.scene.cards["h1"]
    qtbot.waitUntil(lambda: card.live.biases is not None and card.live.biases[2] == 0.2, timeout=8000)
    picture, theme = painted(card), themes.current()
    boxes = [shape.bias_rect(one) for one in shape.tiles_of(card.face, QRectF(0.0, 0.0, *card.size))]

    def found(unit, color):
        part = channels(pixels(picture.copy(boxes[unit].toAlignedRect()))).reshape(-1, 4)
        return int((np.abs(part - channels(np.array([color.rgb()], np.uint32))).max(axis=1) < 40).sum())

    assert found(0, theme.positive) > found(2, theme.positive) > 0
    assert found(1, theme.negative) > 0
    assert found(1, theme.positive) == found(0, theme.negative) == 0
    middles = [picture.pixelColor(boxes[unit].center().toPoint()) for unit in (0, 1)]
    assert middles[0].name() == theme.positive.name()
    assert middles[1].name() == theme.surface.name(), "hollow"


def test_that_a_unit_with_something_the_matter_has_its_corner_marked_and_is_told(seen, qtbot):
    card, snapshot = seen.scene.cards["h1"], seen.session.snapshot
    clean = pixels(painted(card))
    ill = replace(snapshot, states=(UnitState("a1", "dead", (1,), 1.0),))
    seen.view._show_reading(ill)
    assert card.live.marked == {1}, "at the layer whose units they are"
    boxes = [one.toAlignedRect() for one in shape.tiles_of(card.face, QRectF(0.0, 0.0, *card.size))]
    ys, xs = np.nonzero(pixels(painted(card)) != clean)
    assert len(xs)
    assert all(boxes[1].adjusted(-1, -1, 2, 2).contains(int(x), int(y)) for x, y in zip(xs, ys, strict=True))
    assert [problem.node for problem in seen.view._problems() if problem.severity == "warning"] == ["a1"]
    assert "Unit 2 is inactive on 100 %" in seen.scene.cards["a1"].face.tooltip
    seen.view._show_reading(snapshot)
    assert card.live.marked == frozenset()
    assert not any(problem.node == "a1" for problem in seen.view._problems())


# --- wide layers ------------------------------------------------------------------------------------------


@pytest.fixture
def wide(seen, qtbot):
    """The hidden layer has 20 units, and its weights are known."""
    seen.session.edit(ANY, lambda document: edits.set_field(document, "h1", "units", 20))
    live = seen.scene.cards["h1"].live
    qtbot.waitUntil(lambda: live.weights is not None and live.weights.shape == (2, 20), timeout=8000)
    return seen


def test_that_a_layer_of_more_than_sixteen_units_is_the_picture_of_its_weights(wide):
    card, snapshot = wide.scene.cards["h1"], wide.session.snapshot
    assert card.face.folded is True
    assert card.face.caption == "2 × 20"
    weights = snapshot.plan.program.views(snapshot.values)["h1.weight"]
    assert np.array_equal(card.live.weights, weights)
    picture = card.live.matrix_picture(themes.current())
    assert (picture.width(), picture.height()) == (20, 2)
    assert (pixels(picture) == signed_colors(weights / FULL_WEIGHT, themes.current())).all()
    box = shape.matrix_rect(QRectF(0.0, 0.0, *card.size))
    shown = painted(card)
    for column, row in ((0, 0), (19, 0), (7, 1)):
        x = box.left() + (column + 0.5) * box.width() / 20
        y = box.top() + (row + 0.5) * box.height() / 2
        assert shown.pixel(int(x), int(y)) == picture.pixel(column, row)


def test_that_a_folded_layer_asks_for_no_maps_until_it_is_unfolded_by_its_button(wide, qtbot):
    qtbot.waitUntil(lambda: "h1" not in wide.view._wanted, timeout=8000)
    wide.view.camera.fit()
    wide.click(shape.fold_rect(wide.scene.rects["h1"]).center())
    face = wide.scene.faces["h1"]
    assert face.folded is False
    with_maps(wide, qtbot, "h1")
    tiles = shape.tiles_of(face, wide.scene.rects["h1"])
    assert len(tiles) == 20
    assert all(wide.scene.rects["h1"].contains(one) for one in tiles)
    assert not any(one.intersects(other) for i, one in enumerate(tiles) for other in tiles[i + 1 :])
    assert wide.scene.hit(tiles[11].center()).part == "unit"
    assert wide.scene.hit(tiles[11].center()).index == (11,)
    wide.click(shape.fold_rect(wide.scene.rects["h1"]).center())
    assert wide.scene.faces["h1"].folded is True
    qtbot.waitUntil(lambda: "h1" not in wide.view._wanted, timeout=8000)


def test_that_of_very_many_units_the_first_are_shown_and_the_others_counted(wide, qtbot):
    wide.session.edit(ANY, lambda document: edits.set_field(document, "h1", "units", 90))
    wide.view.toggle_fold("h1")
    card = wide.scene.cards["h1"]
    qtbot.waitUntil(lambda: card.live.maps is not None and len(card.live.maps) == 90, timeout=8000)
    assert shape.more_units(card.face) == 26
    assert card.live.map_picture(themes.current()).units == 64
    rest = shape.rest_rect(QRectF(0.0, 0.0, *card.size)).toAlignedRect()
    assert len(np.unique(pixels(painted(card).copy(rest)))) > 1, "a count is written there"


def test_that_a_very_large_matrix_shows_single_weights_as_they_are():
    weights = np.random.default_rng(3).normal(size=(700, 500))
    picture = matrix_image(weights, LIGHT)
    assert (picture.height(), picture.width()) == (MOST_CELLS, MOST_CELLS)
    corners = [weights[0, 0], weights[0, -1], weights[-1, 0], weights[-1, -1]]
    last = MOST_CELLS - 1
    found = [picture.pixel(x, y) for x, y in ((0, 0), (last, 0), (0, last), (last, last))]
    assert found == [int(signed_colors(np.array([[one / FULL_WEIGHT]]), LIGHT)[0, 0]) for one in corners]


def test_that_buttons_for_units_are_seen_on_a_layer_that_is_looked_at_or_selected_alone(seen):
    card = seen.scene.cards["h1"]
    places = [shape.fewer_rect, shape.more_rect]

    def shown():
        seen.view.viewport().grab()
        picture = seen.view.viewport().grab().toImage()
        boxes = [seen.view.mapFromScene(place(card.rect)).boundingRect().adjusted(3, 3, -3, -3) for place in places]
        return [len(np.unique(pixels(picture.copy(box)))) > 3 for box in boxes]

    assert shown() == [False, False]
    seen.move(shape.fewer_rect(card.rect).center())
    assert shown() == [True, True]
    seen.move(seen.scene.rects["in"].topLeft() - QPointF(30.0, 30.0))
    assert shown() == [False, False]
    seen.session.select(["h1"])
    assert shown() == [True, True]
    assert seen.scene.hit(shape.more_rect(card.rect).center()).part == "plus"
    assert seen.scene.hit(shape.fewer_rect(card.rect).center()).part == "minus"


# --- what is asked for ---------------------------------------------------------------------------------------


def test_that_only_what_is_in_sight_is_evaluated(seen, qtbot):
    view = seen.view
    view.camera.zoom(3.0, seen.at(seen.scene.rects["in"].center()))
    view.camera.pan(QPoint(450, 0))
    qtbot.waitUntil(lambda: set(view._wanted) == {"in"}, timeout=8000)
    qtbot.waitUntil(lambda: set(seen.session.snapshot.maps) == {"in"}, timeout=8000)
    view.fit()
    qtbot.waitUntil(lambda: set(view._wanted) == {"in", "h1", "out"}, timeout=8000)


def test_that_a_hidden_canvas_asks_for_nothing_and_catches_up(seen, qtbot):
    seen.view.hide()
    assert seen.view._wanted == ()
    qtbot.waitUntil(lambda: not seen.session.snapshot.maps, timeout=8000)
    kept, lines = seen.scene.cards["h1"].live.maps, seen.scene.wires.weights.weights(Wire("in", "h1"))
    seen.session.train()
    qtbot.waitUntil(lambda: seen.session.snapshot.updates > 500, timeout=8000)
    seen.session.pause()
    assert seen.scene.cards["h1"].live.maps is kept, "nothing is drawn that nobody sees"
    assert seen.scene.wires.weights.weights(Wire("in", "h1")) is lines
    seen.view.show()
    live = seen.scene.cards["h1"].live
    qtbot.waitUntil(lambda: "h1" in seen.session.snapshot.maps, timeout=8000)
    qtbot.waitUntil(lambda: np.array_equal(live.maps, seen.session.snapshot.maps["h1"]), timeout=8000)
    assert set(seen.session.snapshot.maps) == {"in", "h1", "out"}
    assert seen.scene.wires.weights.knows(Wire("in", "h1"))


def test_that_one_snapshot_is_painted_into_an_image_once(seen, monkeypatch):
    """However often the canvas is painted meanwhile: a pan makes no picture anew."""
    from playground.ui.canvas import live

    made = []
    monkeypatch.setattr(live, "map_image", lambda maps, *how: made.append(maps) or map_image(maps, *how))
    snapshot: Snapshot = seen.session.snapshot
    seen.view._show_frame(replace(snapshot, maps={id: maps.copy() for id, maps in snapshot.maps.items()}))
    for _ in range(3):
        seen.view.viewport().grab()
    assert len(made) == 3, "one for each card with maps"
