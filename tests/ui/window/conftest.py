"""The real window, without a screen, closed after each test; and the program itself on a screen of a real X server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import Desk
from pytestqt.qtbot import QtBot
from screens import Screen

from playground.ui.main_window import MainWindow
from playground.ui.theme import themes
from playground.ui.translation import set_language


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """A new window on XOR, as a newcomer meets it."""
    themes.choose("light")
    set_language("en")
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    yield window
    window.canvas.cancel_gesture()
    window.shut_down()
    window.close()
    window.deleteLater()
    set_language("en")
    themes.choose("light")


@pytest.fixture
def desk(window: MainWindow, qtbot: QtBot) -> Desk:
    """A person at that window, when its first figures are shown."""
    desk = Desk(window, qtbot)
    desk.until(lambda: window.session.snapshot is not None)
    return desk


@pytest.fixture
def screen(xvfb_display: str, tmp_path: Path) -> Iterator[Screen]:
    if shutil.which("xdotool") is None:
        pytest.fail("xdotool is missing; on Debian or Ubuntu: sudo apt-get install xdotool", pytrace=False)
    screen = Screen(xvfb_display, tmp_path)
    yield screen
    if screen.process.poll() is None:
        screen.process.kill()
        screen.process.communicate()
