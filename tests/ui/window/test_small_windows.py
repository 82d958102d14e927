"""Small windows: what folds, and what it leaves."""

from __future__ import annotations

import pytest
from driving import Desk
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar

SMALL = [(800, 560), (1024, 768)]


def tabs(desk: Desk) -> list[set[str]]:
    """The words on each row of tabs that is seen; those that Qt has no use for it keeps outside of the window."""
    bars = desk.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    seen = [bar for bar in bars if bar.isVisible() and bar.geometry().intersects(desk.window.rect())]
    return [{bar.tabText(tab) for tab in range(bar.count())} for bar in seen]


def stray_tabs(desk: Desk) -> list[str]:
    """The words on tabs that are seen although there are no two panels to choose from."""
    shown = {panel.windowTitle() for panel in desk.window.panels.values() if not panel.isHidden()}
    return sorted(word for words in tabs(desk) if len(words & shown) < 2 for word in words)


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


@pytest.mark.parametrize("size", [*SMALL, (1280, 800), (1440, 900)])
def test_that_tabs_come_with_the_outline_and_go_with_it(desk: Desk, size) -> None:
    desk.window.resize(*size)
    desk.until(lambda: not stray_tabs(desk))
    outline = desk.window.panels["outline"]
    both = {"Layers", outline.windowTitle()}
    assert both not in tabs(desk)
    for _ in range(2):
        outline.show()
        desk.until(lambda: both in tabs(desk))
        outline.hide()
        desk.until(lambda: not stray_tabs(desk) and both not in tabs(desk))
