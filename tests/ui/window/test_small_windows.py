"""Small windows: what folds, and what it leaves."""

from __future__ import annotations

import pytest
from driving import Desk
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar

SMALL = [(800, 560), (1024, 768)]


def stray_tabs(desk: Desk) -> list[str]:
    """The words on tabs that are seen although none of their panels is."""
    shown = {panel.windowTitle() for panel in desk.window.panels.values() if panel.isVisible()}
    bars = desk.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    words = [{bar.tabText(tab) for tab in range(bar.count())} for bar in bars if bar.isVisible()]
    return sorted(word for said in words if not said & shown for word in said)


@pytest.mark.parametrize("size", SMALL)
def test_that_the_left_side_takes_no_more_than_its_icons_and_the_canvas_has_the_rest(desk: Desk, size) -> None:
    desk.window.resize(*size)
    desk.until(lambda: desk.window.panels["data"].width() <= 100)
    assert desk.window.panels["palette"].width() <= 100
    desk.window.resize(1440, 900)
    desk.until(lambda: desk.window.panels["data"].width() >= 200)


@pytest.mark.parametrize("size", SMALL)
def test_that_no_tabs_of_hidden_panels_are_left_in_the_window(desk: Desk, size) -> None:
    desk.window.resize(*size)
    desk.until(lambda: desk.window.panels["data"].width() <= 100)
    for is_open in (True, False, True, False):
        desk.window.set_more(is_open)
        desk.until(lambda: not stray_tabs(desk))
    assert desk.window.panels["loss"].isVisible()
