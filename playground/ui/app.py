"""The running application: one window, its theme and language, and an orderly end whatever ends it."""

from __future__ import annotations

import gc
import signal
import sys
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from playground.ui.collecting import Collecting
from playground.ui.main_window import FIRST_PRESET, MainWindow
from playground.ui.settings import Settings
from playground.ui.theme import themes
from playground.ui.translation import set_language

#: Seconds that one thread may keep the interpreter's lock while another one waits for it.
SWITCH_INTERVAL = 0.001


def application() -> QApplication:
    """The one QApplication, made where there is none."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(sys.argv[:1])
    app.setApplicationName("backprop-playground")
    app.setApplicationDisplayName("Backprop Playground")
    QGuiApplication.setDesktopFileName("backprop-playground")
    return app


def run(path: str | None) -> int:
    """Open the window on a project file, or on XOR, and wait until it is closed; returns the exit status."""
    # Each call into Qt gives up the interpreter's lock; the trainer shall not keep it for the usual 5 ms every time.
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = application()
    collecting = Collecting(app)
    settings = Settings()
    themes.choose(settings.theme)
    set_language(settings.language)
    window = MainWindow(settings, preset=FIRST_PRESET if path is None else None)

    def quit_quietly(number: int, frame: FrameType | None) -> None:
        # Like the menu's Quit, from the event loop: a signal may arrive amid a paint, or before the loop turns.
        QTimer.singleShot(0, app, app.quit)
        # Whoever insists is not asked about unsaved work again.
        signal.signal(number, lambda *_: QTimer.singleShot(0, app, lambda: app.exit(0)))

    # Python sees a signal between two of its instructions: the session's display timer gives it the chance to.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, quit_quietly)
    app.aboutToQuit.connect(window.shut_down)
    window.show()
    if path is not None:
        window.files.open_file(Path(path))
    # What was made until now stays as long as the window: the collector need not go over it again and again.
    gc.collect()
    gc.freeze()
    try:
        return app.exec()
    finally:
        window.shut_down()
        collecting.end()
