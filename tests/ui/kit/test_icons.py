"""Icons: something is drawn, within its box, in the theme's colour, sharp, and it follows the theme."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QAction, QColor, QIcon

from playground.document.catalog import NODE_KINDS
from playground.engine.ops import ACTIVATIONS
from playground.ui.icons import GLYPHS, curve_path, icon, keep_icon, marker_path, pixmap
from playground.ui.theme import DARK, LIGHT, MARKERS, apply


def pixels(picture):
    image = picture.toImage().convertToFormat(picture.toImage().Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


@pytest.mark.parametrize("name", sorted(GLYPHS))
def test_that_every_icon_is_drawn_inside_its_box_at_any_ratio(qapp, name):
    for ratio in (1.0, 1.5, 2.0):
        picture = pixmap(name, 24, ratio, QColor(LIGHT.accent))
        assert picture.size() == QSize(round(24 * ratio), round(24 * ratio))
        drawn = pixels(picture)
        alpha = drawn[:, :, 3]
        assert alpha.max() >= 220
        assert 0.02 < (alpha > 128).mean() < 0.8
        assert np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]]).max() == 0
        strongest = drawn[alpha == alpha.max()][0, :3].astype(int)
        assert np.abs(strongest - LIGHT.accent.getRgb()[:3]).max() <= 2


def test_that_no_two_icons_are_the_same_picture(qapp):
    pictures = {pixels(pixmap(name, 48)).tobytes() for name in GLYPHS}
    assert len(pictures) == len(GLYPHS)


def test_that_every_kind_of_node_and_every_activation_has_an_icon():
    assert set(NODE_KINDS) - {"activation"} <= set(GLYPHS)
    assert set(ACTIVATIONS) <= set(GLYPHS)


@pytest.mark.parametrize("function", ACTIVATIONS)
def test_that_a_curve_fills_its_rectangle(function):
    rect = QRectF(10.0, 20.0, 40.0, 30.0)
    drawn = curve_path(function, rect).boundingRect()
    assert rect.adjusted(-0.01, -0.01, 0.01, 0.01).contains(drawn)
    assert drawn.width() == pytest.approx(40.0, abs=0.01)
    assert drawn.height() == pytest.approx(30.0, abs=0.01)


def test_that_curves_have_the_shape_of_their_functions():
    rect = QRectF(0.0, 0.0, 1.0, 1.0)
    points = [
        (curve_path("relu", rect).elementAt(k).x, 1.0 - curve_path("relu", rect).elementAt(k).y) for k in range(57)
    ]
    assert all(y == pytest.approx(0.0, abs=1e-6) for x, y in points if x < 0.5)
    assert all(y == pytest.approx(2.0 * x - 1.0, abs=1e-6) for x, y in points if x >= 0.5)
    middle = curve_path("tanh", rect).elementAt(28)
    assert (middle.x, middle.y) == pytest.approx((0.5, 0.5))
    with pytest.raises(KeyError):
        curve_path("nothing", rect)


@pytest.mark.parametrize("marker", MARKERS)
def test_that_markers_weigh_alike_around_the_origin(marker):
    path = marker_path(marker, 100.0)
    rect = path.boundingRect()
    assert rect.contains(0.0, 0.0)
    assert 80.0 <= max(rect.width(), rect.height()) <= 130.0
    area = abs(sum(_signed_area(path.toSubpathPolygons())))
    assert 3500.0 <= area <= 9500.0


def _signed_area(polygons):
    for polygon in polygons:
        points = [(point.x(), point.y()) for point in polygon.toList()]
        yield sum(a * d - b * c for (a, b), (c, d) in zip(points, points[1:] + points[:1], strict=True)) / 2.0


def test_that_an_actions_icon_follows_the_theme_and_its_state(qapp):
    apply(qapp, LIGHT)
    action = QAction("Undo")
    keep_icon(action, "undo")

    def colour(mode=QIcon.Mode.Normal):
        drawn = pixels(action.icon().pixmap(QSize(24, 24), 1.0, mode))
        return tuple(drawn[drawn[:, :, 3] == 255][0, :3].tolist())

    assert colour() == LIGHT.text.getRgb()[:3]
    assert colour(QIcon.Mode.Disabled) == LIGHT.disabled.getRgb()[:3]
    apply(qapp, DARK)
    assert colour() == DARK.text.getRgb()[:3]
    assert colour(QIcon.Mode.Selected) == DARK.on_accent.getRgb()[:3]
    before = pixels(action.icon().pixmap(QSize(24, 24)))
    keep_icon(action, "redo")
    assert (pixels(action.icon().pixmap(QSize(24, 24))) != before).any()
    assert len(action.children()) == 1
    apply(qapp, LIGHT)


def test_that_an_icon_is_sharp_on_a_fine_screen(qapp):
    assert icon("play").pixmap(QSize(16, 16), 2.0).size() == QSize(32, 32)
    assert icon("play").pixmap(QSize(24, 24), 2.0).size() == QSize(48, 48)
