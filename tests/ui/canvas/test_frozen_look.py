"""What training leaves as it is looks like it: padlocks on lines and layers, dots in pictures of weights, words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem
from strands import FIRST, on_strand

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.messages import message
from playground.ui.canvas.legend import Legend
from playground.ui.canvas.locks import BODY, WIDTH, draw_locks
from playground.ui.canvas.matrix import DOTTED, FULL_WEIGHT, MOST_CELLS, matrix_image
from playground.ui.canvas.scene import CanvasScene
from playground.ui.canvas.spoken import spoken
from playground.ui.plots.picture import signed_colors
from playground.ui.theme import DARK, LIGHT, themes

pytestmark = pytest.mark.usefixtures("qapp")

ANY = message("test")
BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def layer(inputs: int, units: int, *frozen: tuple[int, int], whole: bool = False) -> Document:
    features = tuple(f"c{k}" for k in range(inputs))
    nodes = Node("in", "input", {"features": features}), Node("h", "dense", {"units": units, "frozen": whole})
    document = Document(network=Network(nodes, (Wire("in", "h"),)))
    for input, unit in frozen:
        document = edits.freeze_weight(document, "h", input, unit, True)
    return document


def shown(document: Document, weights: np.ndarray | None = None) -> CanvasScene:
    scene = CanvasScene()
    scene.show(document, ())
    if weights is not None:
        scene.wires.show_weights({Wire("in", "h"): weights})
    return scene


def locks(scene: CanvasScene) -> np.ndarray:
    wires = scene.wires
    return wires.weights.locks(wires.courses, wires._fanned)


def picture(item, rect: QRectF, ground: QColor) -> QImage:
    image = QImage(rect.size().toSize(), QImage.Format.Format_RGB32)
    image.fill(ground)
    painter = QPainter(image)
    painter.translate(-rect.topLeft())
    option = QStyleOptionGraphicsItem()
    option.exposedRect = rect
    item.paint(painter, option)
    painter.end()
    return image


def amount(image: QImage, color: QColor) -> int:
    """How many pixels have a colour."""
    return sum(image.pixel(x, y) == color.rgb() for x in range(image.width()) for y in range(image.height()))


# --- on lines --------------------------------------------------------------------------------------------------------


def test_that_a_frozen_weight_has_a_padlock_on_its_own_line_and_others_have_none():
    weights = np.ones((2, 4))
    assert len(locks(shown(layer(2, 4), weights))) == 0
    scene = shown(layer(2, 4, (0, 1), (1, 3)), weights)
    strands = scene.wires.courses[Wire("in", "h")].strands
    for place, own in zip(locks(scene), (0 * 4 + 1, 1 * 4 + 3), strict=True):
        away = [np.hypot(*(points - place).T).min() for points in strands]
        assert away[own] == 0.0
        assert min(distance for strand, distance in enumerate(away) if strand != own) > WIDTH / 2.0


def test_that_one_padlock_near_a_unit_stands_for_all_its_weights():
    scene = shown(layer(2, 4, (0, 2), (1, 2), (0, 0)), np.ones((2, 4)))
    single, whole = locks(scene)
    strands = scene.wires.courses[Wire("in", "h")].strands.reshape(2, 4, -1, 2)
    assert single in strands[0, 0]
    assert np.hypot(*(strands[:, 2] - whole).reshape(-1, 2).T).min() < BODY
    assert whole[0] > single[0], "nearer to the unit"


def test_that_a_line_that_stands_for_several_is_locked_where_all_of_them_are_frozen():
    rest = [(input, 1) for input in range(7, 12)]
    weights = np.ones((12, 2))
    assert len(locks(shown(layer(12, 2, *rest[:-1]), weights))) == 0
    (place,) = locks(shown(layer(12, 2, *rest), weights))
    last = shown(layer(12, 2)).wires.courses[Wire("in", "h")].strands[7 * 2 + 1]
    assert (last == place).all(axis=1).any()


def test_that_no_padlock_lies_below_the_caption():
    for inputs, units in ((1, 1), (2, 3), (3, 3), (8, 5)):
        one = [(input, unit) for input in range(inputs) for unit in range(units) if (input, unit) != (0, 0)]
        for place in [(0, 0)], one:
            scene = shown(layer(inputs, units, *place), np.ones((inputs, units)))
            middle = scene.wires.courses[Wire("in", "h")].middle
            caption = QRectF(middle.x() - 20.0, middle.y() - 8.0, 40.0, 16.0)
            assert not any(caption.contains(QPointF(*at)) for at in locks(scene))


def test_that_padlocks_are_those_of_the_weights_that_are_drawn():
    scene = shown(layer(2, 4, (0, 1)), np.ones((2, 4)))
    assert len(locks(scene)) == 1
    scene.show(layer(2, 5, (0, 1)), ())
    assert len(locks(scene)) == 0, "the weights that are drawn are still those of four units"
    scene.wires.show_weights({Wire("in", "h"): np.ones((2, 5))})
    assert len(locks(scene)) == 1
    scene.wires.show_weights({})
    assert len(locks(scene)) == 0
    scene.wires.show_weights({Wire("in", "h"): np.ones((2, 5))})
    scene.show(layer(2, 5), ())
    assert len(locks(scene)) == 0


@BOTH
def test_that_a_padlock_is_a_shape_in_the_colour_of_words_with_a_gap_around_it(theme):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(theme.positive)
    painter = QPainter(image)
    draw_locks(painter, np.array([[20.0, 20.0]]), theme.text, theme.surface)
    painter.end()
    body = {(x, y) for x in range(40) for y in range(40) if image.pixel(x, y) == theme.text.rgb()}
    rim = {(x, y) for x in range(40) for y in range(40) if image.pixel(x, y) == theme.surface.rgb()}
    assert len(body) > 40
    assert len(rim) > 20
    columns, rows = ({point[axis] for point in body} for axis in (0, 1))
    assert 7 <= len(columns) <= 10
    assert 8 <= len(rows) <= 12
    upper = [point for point in body if point[1] < min(rows) + 4]
    assert len(upper) < len(body) / 3, "a shackle is thinner than the body below it"
    assert {image.pixel(2, 20), image.pixel(38, 20)} == {theme.positive.rgb()}


def test_that_the_wires_are_painted_with_it_and_without_it_when_nothing_is_frozen():
    free, frozen = (shown(document, np.ones((2, 2))) for document in (layer(2, 2), layer(2, 2, (0, 0))))
    text = themes.current().text
    pictures = []
    for scene in (free, frozen):
        scene.wires.captions = {}
        pictures.append(picture(scene.wires, scene.wires.boundingRect(), themes.current().surface))
    assert amount(pictures[0], text) == 0
    assert amount(pictures[1], text) > 40
    frozen.set_bare(1.0)
    frozen.wires.captions = {}
    bare = picture(frozen.wires, frozen.wires.boundingRect(), themes.current().surface)
    assert amount(bare, text) == 0, "the drawing leaves weights out"


# --- on cards --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [4, 20])
def test_that_a_frozen_layer_says_so_at_its_card(units):
    rect = QRectF(0.0, 0.0, 200.0, 28.0)
    cards = [shown(layer(2, units, whole=whole)).cards["h"] for whole in (False, True)]
    free, frozen = (amount(picture(card, rect, themes.current().surface), themes.current().text) for card in cards)
    assert frozen >= free + 15
    assert cards[1].face.caption == ("2 × 20, frozen" if units == 20 else "w·x + b, frozen")


def test_that_the_picture_of_a_folded_layer_has_a_dot_for_each_frozen_weight():
    generator = np.random.default_rng(1)
    scene = shown(layer(3, 20, (0, 0), (2, 19)))
    card, weights = scene.cards["h"], generator.normal(size=(3, 20))
    card.live.show_weights(weights)
    found = card.live.matrix_picture(themes.current())
    assert (found.width(), found.height()) == (20 * DOTTED, 3 * DOTTED)
    colors = signed_colors(weights / FULL_WEIGHT, themes.current())
    for (input, unit), color in np.ndenumerate(colors):
        dot, corner = found.pixel(unit * DOTTED + 1, input * DOTTED + 1), found.pixel(unit * DOTTED, input * DOTTED)
        assert corner == color
        assert dot == (themes.current().text.rgb() if (input, unit) in ((0, 0), (2, 19)) else color)
    assert card.face.caption == "3 × 20, 2 frozen"
    scene.show(layer(3, 20), ())
    assert scene.cards["h"].live.matrix_picture(themes.current()).width() == 20
    assert scene.cards["h"].face.caption == "3 × 20"


def test_that_of_a_very_large_layer_those_have_a_dot_that_are_shown():
    weights, frozen = np.zeros((700, 500)), np.zeros((700, 500), dtype=bool)
    frozen[0, 0] = frozen[-1, -1] = True
    found, last = matrix_image(weights, LIGHT, frozen), DOTTED * MOST_CELLS - 2
    assert [found.pixel(1, 1), found.pixel(last, last), found.pixel(1, last)].count(LIGHT.text.rgb()) == 2


# --- in words --------------------------------------------------------------------------------------------------------


def test_that_the_legend_explains_the_padlock_while_there_is_one(at_work):
    legend = at_work.view.overlay.legend
    words, width = legend.accessibleName(), legend.width()
    assert "frozen" not in words
    for edit in (
        lambda document: edits.freeze_weight(document, "h1", 0, 1, True),
        lambda document: edits.set_field(document, "out", "frozen", True),
    ):
        assert at_work.session.edit(ANY, edit)
        assert legend.accessibleName() == f"{words}, frozen: training leaves it as it is"
        assert legend.width() > width
        legend.show()
        assert amount(legend.grab().toImage(), themes.current().text) > 20
        at_work.session.undo_stack.undo()
        assert (legend.accessibleName(), legend.width()) == (words, width)


def test_that_the_legend_is_as_wide_as_its_words_in_both_languages(qtbot):
    from playground.ui.translation import set_language

    legend = Legend(None)
    qtbot.addWidget(legend)
    widths = set()
    try:
        for language in ("en", "ko"):
            set_language(language)
            legend.retranslate()
            bare = legend.width()
            legend.show_frozen(True)
            widths |= {bare, legend.width()}
            legend.show_frozen(False)
    finally:
        set_language("en")
    assert len(widths) == 4


def test_that_the_pointer_and_the_keyboard_are_told_of_a_frozen_weight(at_work, monkeypatch):
    at_work.session.edit(ANY, lambda document: edits.freeze_weight(document, "h1", 0, 0, True))
    at_work.move(on_strand(at_work.scene, FIRST, (0, 0)))
    assert "frozen: training leaves it as it is" in at_work.view.pointed.card.text()
    at_work.move(on_strand(at_work.scene, FIRST, (0, 1)))
    assert "frozen" not in at_work.view.pointed.card.text()
    said: list[str] = []
    at_work.view.session.select(["h1"])
    monkeypatch.setattr(at_work.view, "speak", said.append)
    at_work.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    at_work.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert ["frozen" in words for words in said] == [True, False]


def test_that_a_layer_in_words_says_how_many_of_its_weights_are_frozen():
    def heard(document: Document) -> str:
        return spoken(document, shown(document).faces["h"])

    assert "frozen" not in heard(layer(2, 4))
    assert ". 1 weight is frozen." in heard(layer(2, 4, (0, 0)))
    assert ". 2 weights are frozen." in heard(layer(2, 4, (0, 0), (1, 3)))
    assert ". frozen." in heard(layer(2, 4, (0, 0), whole=True))
