"""What is remembered: read back as it was, refused where it makes no sense, on a screen that exists."""

import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow

from playground.ui import settings as module
from playground.ui.settings import Settings, on_a_screen


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "한글 설정.ini")


def opened(path):
    return Settings(QSettings(path, QSettings.Format.IniFormat))


def test_that_a_first_start_has_quiet_defaults(path, monkeypatch):
    monkeypatch.setattr(module, "system_language", lambda: "ko")
    settings = opened(path)
    assert (settings.theme, settings.language, settings.more, settings.folder) == ("system", "ko", False, "")
    assert settings.reduced_motion is False
    assert settings.projector is False


def test_that_choices_come_back_after_a_restart(path):
    settings = opened(path)
    settings.theme, settings.language, settings.more = "dark", "ko", True
    settings.reduced_motion, settings.projector, settings.folder = True, True, "/home/학생/자료"
    settings._store.sync()
    again = opened(path)
    assert (again.theme, again.language, again.more) == ("dark", "ko", True)
    assert (again.reduced_motion, again.projector, again.folder) == (True, True, "/home/학생/자료")


def test_that_nonsense_in_the_file_counts_as_not_set(path):
    store = QSettings(path, QSettings.Format.IniFormat)
    for key, value in (("theme", "pink"), ("language", "xx"), ("window", "nonsense"), ("panels", 7)):
        store.setValue(key, value)
    store.sync()
    settings = opened(path)
    assert settings.theme == "system"
    assert settings.language in ("en", "ko")


def window_with_dock(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = QDockWidget("Microscope", window)
    dock.setObjectName("microscope")
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    return window, dock


def test_that_the_window_comes_back_as_it_was_left(qtbot, path):
    window, dock = window_with_dock(qtbot)
    window.setGeometry(40, 50, 500, 400)
    window.show()
    dock.hide()
    opened(path).keep_window(window)
    again, dock_again = window_with_dock(qtbot)
    opened(path).restore_window(again)
    again.show()
    assert again.size() == window.size()
    assert dock_again.isHidden()
    settings = opened(path)
    settings.forget_panels()
    third, dock_third = window_with_dock(qtbot)
    settings.restore_window(third)
    assert not dock_third.isHidden()


def test_that_a_first_window_and_one_with_a_broken_memory_fit_the_screen(qtbot, path):
    store = QSettings(path, QSettings.Format.IniFormat)
    store.setValue("window", "nonsense")
    window, _dock = window_with_dock(qtbot)
    Settings(store).restore_window(window)
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(window.geometry())


@pytest.mark.parametrize("offset", [(5000, 0), (-5000, 0), (0, 5000), (0, -5000), (760, 0)])
def test_that_a_window_left_on_a_screen_that_is_gone_comes_to_one_that_exists(qapp, offset):
    screen = QGuiApplication.primaryScreen().availableGeometry()
    wanted = QRect(screen.left() + offset[0], screen.top() + offset[1], 600, 400)
    made = on_a_screen(wanted)
    assert screen.contains(made)
    assert made.size() == wanted.size()


def test_that_a_window_which_can_be_taken_hold_of_stays(qapp):
    screen = QGuiApplication.primaryScreen().availableGeometry()
    wanted = QRect(screen.right() - 100, screen.top() + 10, 600, 400)
    assert on_a_screen(wanted) == wanted


def test_that_a_window_larger_than_the_screen_is_made_to_fit(qapp):
    screen = QGuiApplication.primaryScreen().availableGeometry()
    made = on_a_screen(QRect(-9000, -9000, 9000, 9000))
    # With room for the window's own frame and title bar, so that it can be moved.
    assert screen.contains(made.adjusted(-8, -40, 8, 8))
    assert made.width() > 0.9 * screen.width()
