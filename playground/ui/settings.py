"""What the window remembers between two runs, thin over QSettings: where it was, and how it was left.

Everything that is read is checked: a value that this version does not know, or a place on a screen that is no longer
there, counts as not set.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QByteArray, QMargins, QRect, QSettings, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from playground.ui.canvas.views import VIEWS, View
from playground.ui.theme import ThemeChoice
from playground.ui.translation import LANGUAGES, Language, system_language

ORGANISATION, APPLICATION = "backprop-playground", "backprop-playground"

#: Rises when panels change so much that an arrangement of before no longer makes sense.
_PANELS_VERSION = 2
_FIRST_SIZE = QSize(1440, 900)
#: What a frame may add around a window: left and right, above, below.
_FRAME = QMargins(8, 40, 8, 8)
#: So much of a window, in both directions, must lie on a screen for it to be taken hold of.
_GRIP = 64


class Settings:
    """The user's own settings, kept under the product's name; a store may be given instead (a file, say)."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings(ORGANISATION, APPLICATION)

    @property
    def theme(self) -> ThemeChoice:
        """The theme chosen; "system" until one is."""
        value = self._store.value("theme")
        return cast(ThemeChoice, value) if value in ("light", "dark") else "system"

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", choice)

    @property
    def language(self) -> Language:
        """The language chosen; the desktop's until one is."""
        value = self._store.value("language")
        return cast(Language, value) if value in LANGUAGES else system_language()

    @language.setter
    def language(self, language: Language) -> None:
        self._store.setValue("language", language)

    @property
    def more(self) -> bool:
        """Whether the parts that a newcomer does not need are open."""
        return bool(self._store.value("more", False, type=bool))

    @more.setter
    def more(self, is_open: bool) -> None:
        self._store.setValue("more", is_open)

    @property
    def view(self) -> View | None:
        """Which view of the network was chosen last; None before the first choice."""
        value = self._store.value("view")
        return cast(View, value) if value in VIEWS else None

    @view.setter
    def view(self, view: View) -> None:
        self._store.setValue("view", view)

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing shall move by itself."""
        return bool(self._store.value("reduced_motion", False, type=bool))

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._store.setValue("reduced_motion", reduced)

    @property
    def projector(self) -> bool:
        """Whether numbers are large enough for a projector."""
        return bool(self._store.value("projector", False, type=bool))

    @projector.setter
    def projector(self, on: bool) -> None:
        self._store.setValue("projector", on)

    @property
    def folder(self) -> str:
        """The folder of the last file that was opened or saved; empty at first."""
        value = self._store.value("folder", "")
        return value if isinstance(value, str) else ""

    @folder.setter
    def folder(self, path: str) -> None:
        self._store.setValue("folder", path)

    def keep_window(self, window: QMainWindow) -> None:
        """Remember where the window is and how its panels stand (each dock needs an object name)."""
        self._store.setValue("window", window.saveGeometry())
        self._store.setValue("panels", window.saveState(_PANELS_VERSION))
        self._store.sync()

    def restore_window(self, window: QMainWindow) -> bool:
        """Put the window where it was left, if that is on a screen that exists; else in the middle of the first.

        Returns whether the panels stand again as they were left.
        """
        geometry, panels = self._store.value("window"), self._store.value("panels")
        if not (isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)):
            window.resize(_FIRST_SIZE)
            window.setGeometry(on_a_screen(window.geometry(), centred=True))
        elif not (window.isMaximized() or window.isFullScreen()):
            window.setGeometry(on_a_screen(window.geometry()))
        return isinstance(panels, QByteArray) and window.restoreState(panels, _PANELS_VERSION)

    def forget_panels(self) -> None:
        """Reset the panels: the next window arranges them as a new one does."""
        self._store.remove("panels")


def on_a_screen(wanted: QRect, *, centred: bool = False) -> QRect:
    """`wanted` where enough of it can be seen, else the same size (or what fits) in the middle of the main screen."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if not screens:
        return wanted
    if not centred:
        for screen in screens:
            seen = wanted.intersected(screen)
            # The upper edge is what a window is moved by.
            if seen.width() >= _GRIP and seen.height() >= _GRIP and screen.top() <= wanted.top():
                return wanted
    room = screens[0].marginsRemoved(_FRAME)
    size = wanted.size().boundedTo(room.size())
    made = QRect(room.topLeft(), size)
    made.moveCenter(room.center())
    return made
