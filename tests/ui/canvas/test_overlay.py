"""What lies over the canvas gives way: to the cards, to the buttons, and to the switch between the views."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from playground.document.presets import PRESETS
from playground.ui.canvas.area import CanvasArea
from playground.ui.canvas.view import CanvasView
from playground.ui.session import Session

#: Of the canvas in windows of 800×560, 1024×768, 1280×720 and 1440×900; then one where only the legend is too wide to
#: lie beside the buttons, and two that are low.
SIZES = [(298, 200), (524, 408), (686, 360), (802, 540), (610, 440), (480, 240), (1100, 220)]


@pytest.fixture
def area(qtbot):
    """The middle of the window with the network for XOR."""
    session = Session(PRESETS["xor"].document)
    canvas = CanvasView(session)
    area = CanvasArea(session, canvas)
    qtbot.addWidget(area)
    area.resize(900, 560)
    area.show()
    qtbot.waitUntil(lambda: session.snapshot is not None, timeout=5000)
    yield area
    canvas.cancel_gesture()
    session.close()
    area.close()


def over(area: CanvasArea) -> dict[str, QRect]:
    """Where each thing is that lies over the canvas and is seen, in the area's own pixels."""
    overlay = area.canvas.overlay
    shown: dict[str, QWidget] = {
        "summary": overlay.summary, "legend": overlay.legend, "zoom": overlay.zoom, "switch": area.switch,
    }  # fmt: skip
    return {
        name: QRect(widget.mapTo(area, QPoint()), widget.size())
        for name, widget in shown.items()
        if widget.isVisibleTo(area)
    }


def cards(area: CanvasArea) -> list[QRect]:
    canvas = area.canvas
    corner = canvas.viewport().mapTo(area, QPoint())
    rects = canvas.canvas_scene.rects.values()
    return [canvas.mapFromScene(rect).boundingRect().translated(corner) for rect in rects]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["drawing", "neurons"])
def test_that_nothing_overlaps_in_a_window_of_any_size(area, qtbot, size, view):
    area.canvas.set_view(view)
    area.resize(*size)
    # The way to the drawing has ended, and what came with it has been put in its place.
    qtbot.waitUntil(lambda: area.canvas.canvas_scene.manner.bare == (view == "drawing"), timeout=2000)
    area.canvas.fit()
    qtbot.waitUntil(lambda: not area.canvas._looking.isActive(), timeout=2000)
    found = over(area)
    assert "switch" in found
    assert [(one, other) for one, other in combinations(found, 2) if found[one].intersects(found[other])] == []
    words = [found[name] for name in ("summary", "legend") if name in found]
    assert not any(place.intersects(card) for place in words for card in cards(area))


def test_that_the_legend_is_there_where_there_is_room_and_only_beside_the_neurons(area):
    assert {"legend", "summary", "zoom"} <= over(area).keys()
    area.canvas.set_view("drawing")
    assert "legend" not in over(area)
    area.canvas.set_view("neurons")
    assert "legend" in over(area)


def test_that_what_gave_way_comes_back_with_the_room(area, qtbot):
    area.resize(298, 200)
    assert over(area).keys() == {"switch"}
    area.resize(900, 560)
    qtbot.waitUntil(lambda: over(area).keys() == {"legend", "summary", "zoom", "switch"}, timeout=2000)


def test_that_someone_who_pans_keeps_the_legend_though_a_card_comes_under_it(area, qtbot):
    legend = area.canvas.overlay.legend
    card = area.canvas.mapFromScene(area.canvas.canvas_scene.rects["in"]).boundingRect()
    area.canvas.camera.pan(legend.geometry().center() - card.center())
    assert area.canvas.mapFromScene(area.canvas.canvas_scene.rects["in"]).boundingRect().intersects(legend.geometry())
    area.canvas.viewport().repaint()
    qtbot.waitUntil(lambda: not area.canvas._looking.isActive(), timeout=2000)
    assert legend.isVisibleTo(area)


def test_that_the_legend_gives_way_to_cards_in_a_low_canvas_until_one_looks_elsewhere(area, qtbot):
    area.resize(480, 240)
    area.canvas.fit()
    qtbot.waitUntil(lambda: "legend" not in over(area), timeout=2000)
    area.canvas.camera.pan(QPoint(3, 0))
    qtbot.waitUntil(lambda: "legend" in over(area), timeout=2000)
