"""The loss over two weights as a picture of the whole window, as the README has it."""

from __future__ import annotations

from pathlib import Path

from looking import lecture
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from playground.ui.screenshot import take
from playground.ui.theme import LIGHT


def test_that_a_picture_shows_the_surface_with_the_step_across_it(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "descent.png"
    take(lecture(learning_rate=0.1), path, view="descent", size=(1280, 800))
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (1280, 800)
    drawer = [picture.pixelColor(x, y) for x in range(300, 580, 2) for y in range(560, 720, 2)]
    # Shades between the ground and the colour of what flows forward are nowhere else in the window's lower half.
    shades = {color.name() for color in drawer if color.red() < color.green() <= color.blue() < 255}
    assert len(shades) > 30
    assert any(color.name() == LIGHT.accent.name() for color in drawer)
