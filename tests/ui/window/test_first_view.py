"""Which view of the network the window shows: the bare drawing first, then what the user chose."""

from __future__ import annotations

import pytest
from driving import CTRL, Desk, Key
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from playground.ui.main_window import MainWindow


@pytest.fixture
def next_window(qtbot: QtBot):
    """Opens the window that the same user meets next."""
    opened: list[MainWindow] = []

    def open_next() -> MainWindow:
        window = MainWindow()
        opened.append(window)
        return window

    yield open_next
    for window in opened:
        window.shut_down()
        window.close()
        window.deleteLater()


def test_that_a_newcomer_meets_the_bare_drawing_and_more_brings_the_neurons(desk: Desk, next_window) -> None:
    assert desk.canvas.network_view == "drawing"
    assert desk.scene.manner.bare == 1.0
    desk.window.set_more(True)
    assert desk.canvas.network_view == "neurons"
    assert desk.window.settings.view is None, "nobody has chosen"
    assert next_window().canvas.network_view == "neurons"
    desk.window.set_more(False)
    assert desk.canvas.network_view == "drawing"
    assert next_window().canvas.network_view == "drawing"


def test_that_a_view_that_was_chosen_stays_whatever_else_is_opened(desk: Desk, next_window) -> None:
    desk.key(Key.Key_2, CTRL)
    for is_open in (True, False):
        desk.window.set_more(is_open)
        assert desk.canvas.network_view == "neurons"
    assert next_window().canvas.network_view == "neurons"
    desk.key(Key.Key_1, CTRL)
    desk.window.set_more(True)
    assert desk.canvas.network_view == "drawing"
    assert next_window().canvas.network_view == "drawing"


def test_that_a_network_that_cannot_be_trained_is_shown_with_its_ports_and_remedies(desk: Desk, next_window) -> None:
    assert desk.canvas.network_view == "drawing"
    desk.carry("dense", desk.middle("tanh", "Dense 1"))
    assert desk.canvas.network_view == "drawing", "a layer on a wire is no problem"
    desk.carry("dense", QPointF(0.0, 400.0))
    assert desk.session.problems
    assert desk.canvas.network_view == "neurons"
    desk.until(lambda: desk.scene.notes)
    assert next_window().canvas.network_view == "drawing", "nobody has chosen another"
    desk.key(Key.Key_1, CTRL)
    assert desk.canvas.network_view == "drawing", "whoever wants the drawing has it"


def test_that_the_microscope_is_not_opened_over_a_drawing_without_numbers(desk: Desk) -> None:
    desk.key(Key.Key_F8)
    assert desk.canvas.network_view == "operations"
    assert desk.window.settings.view is None
    desk.key(Key.Key_F8)
    desk.key(Key.Key_2, CTRL)
    desk.key(Key.Key_F8)
    assert desk.canvas.network_view == "neurons"
