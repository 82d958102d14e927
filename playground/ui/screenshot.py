"""The real main window as a picture, without a display."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSettings
from PySide6.QtWidgets import QApplication

from playground.document.model import Document
from playground.engine.state import State
from playground.formats.writing import write_file
from playground.messages import UserError, message
from playground.ui.app import application
from playground.ui.main_window import MainWindow
from playground.ui.microscope.descent_page import DescentPage
from playground.ui.settings import Settings
from playground.ui.theme import themes
from playground.ui.translation import set_language

#: Seconds after which a window that shows nothing is given up.
PATIENCE = 600.0
#: What a picture can show: the newcomer's window, everything open, another view of the network, or the microscope at
#: the end of a stage of the next batch, or with the loss over two weights around it.
VIEWS = ("first", "more", "drawing", "neurons", "operations", "forward", "loss", "backward", "update",
         "descent")  # fmt: skip
_STAGES = VIEWS[5:9]


def take(
    document: Document,
    path: str | Path,
    *,
    state: State | None = None,
    size: tuple[int, int] | None = None,
    epochs: int | None = None,
    theme: str | None = None,
    language: str | None = None,
    view: str | None = None,
) -> None:
    """Open the window on a document, as it stood in `state`, train it for `epochs`, and write what it shows as PNG.

    `view` is one of `VIEWS`. Raises UserError for another view, for a
    network that cannot be trained although epochs are wanted, and where the file cannot be written.
    """
    view = view or "first"
    if view not in VIEWS:
        raise UserError("There is no view “{view}”; there are {views}.", view=view, views=", ".join(VIEWS))
    app = application()
    set_language("ko" if language == "ko" else "en")
    themes.choose("dark" if theme == "dark" else "light")
    # Settings of its own: a picture neither shows nor changes how the user left the window.
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "backprop-playground", "screenshot")
    store.clear()
    store.setValue("more", view == "more")
    window = MainWindow(Settings(store), preset=None)
    try:
        window.resize(*(size or (1440, 900)))
        window.show()
        window.files.open_document(document, state)
        _picture(app, window, epochs)
        if view in _STAGES:
            look_through_microscope(app, window, view)
        elif view == "descent":
            look_over_the_loss(app, window)
        elif view in ("drawing", "neurons", "operations"):
            window.canvas.set_view(view)
            _settle(app)
        _write(window, path)
    finally:
        window.shut_down()
        window.close()
        window.deleteLater()
        app.processEvents()


def _picture(app: QApplication, window: MainWindow, epochs: int | None) -> None:
    session = window.session
    _wait(app, lambda: session.table is not None or bool(session.problems))
    if epochs:
        if session.first_error is not None:
            raise UserError(session.first_error.message)
        _wait(app, lambda: session.plan is not None)
        session.train_for(epochs)
        _wait(app, lambda: not session.running)
    if session.first_error is None:
        _wait(app, lambda: session.snapshot is not None and session.snapshot.plane is not None)
    _settle(app)


def look_through_microscope(app: QApplication, window: MainWindow, stage: str) -> None:
    """Open the microscope on the operations, at the last step of a stage of the next batch."""
    window.canvas.set_view("operations")
    window.show_microscope()
    reader = window.microscope.reader
    reader.begin()
    _wait(app, lambda: reader.found is not None and not reader.waiting)
    assert reader.found is not None
    kinds = [step.kind for step in reader.found.steps]
    reader.go_to(len(kinds) - kinds[::-1].index(stage))  # type: ignore[arg-type]
    _settle(app)
    reader.typesetter.settle()
    _settle(app)


def look_over_the_loss(app: QApplication, window: MainWindow) -> None:
    """Open the microscope on the loss over two weights, with the step of the next batch across it."""
    look_through_microscope(app, window, "update")
    window.microscope.show_page("descent")
    page = window.microscope.pages["descent"]
    assert isinstance(page, DescentPage)
    page.show_surface()
    _settle(app)
    _wait(app, lambda: page.idle)
    _settle(app)


def _settle(app: QApplication) -> None:
    for _ in range(20):
        app.processEvents()
        time.sleep(0.02)


def _wait(app: QApplication, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        app.processEvents()
        time.sleep(0.002)
        if time.monotonic() > deadline:
            raise UserError(message("The window showed nothing for {seconds} seconds.", seconds=int(PATIENCE)))


def _write(window: MainWindow, path: str | Path) -> None:
    bytes_ = QByteArray()
    buffer = QBuffer(bytes_)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    write_file(Path(path), bytes(bytes_.data()))
