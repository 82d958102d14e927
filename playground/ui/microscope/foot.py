"""The foot of the microscope: its buttons, as many as there is room for; the others are in a menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from playground.ui.theme import GRID
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip, PrimaryButton

_GAP, _HEIGHT = 2 * GRID, 32


@dataclass(frozen=True, eq=False)
class Press:
    """A button: its icon, whether it is the one to press next, and what it does.

    `words` and `meaning` say it in the language of the moment; `bare`: where room is short the icon is enough.
    """

    key: str
    words: Callable[[], str]
    meaning: Callable[[], str]
    do: Callable[[], object]
    icon: str | None = None
    primary: bool = False
    bare: bool = False
    right: bool = False


class Foot(QWidget):
    """A row of buttons that folds: first some lose their words, then the last ones go into the menu "More"."""

    def __init__(self, presses: tuple[Press, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presses = presses
        self.buttons: dict[str, Chip] = {}
        for press in presses:
            button = (PrimaryButton if press.primary else Chip)("-", icon=press.icon, parent=self)
            button.clicked.connect(press.do)
            self.buttons[press.key] = button
        self.more = Chip("-", parent=self)
        self._menu = QMenu(self.more)
        self._menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self._menu)
        self.hidden: tuple[Press, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        for press in self._presses:
            button = self.buttons[press.key]
            button.setText(press.words())
            button.setAccessibleName(press.words())
            button.setToolTip(press.meaning())
        self.more.setText(tr("More"))
        self.more.setAccessibleName(tr("More of the microscope"))
        self.arrange()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(320, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what has no room."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put the buttons side by side: all, or bare ones, or the last of them in the menu."""
        shown = list(self._presses)
        room = self.width()
        self._bare(False)
        if self._wide(shown) > room:
            self._bare(True)
        more = 0
        while self._wide(shown) + more > room and len(shown) > 1:
            shown.pop()
            more = self.more.sizeHint().width() + _GAP
        self.hidden = tuple(press for press in self._presses if press not in shown)
        left, right = 0, room
        for press in self._presses:
            button = self.buttons[press.key]
            button.setVisible(press in shown)
            if press not in shown:
                continue
            size = button.sizeHint()
            top = (_HEIGHT - size.height()) // 2
            if press.right and not self.hidden:
                right -= size.width()
                button.setGeometry(right, top, size.width(), size.height())
                right -= _GAP
            else:
                button.setGeometry(left, top, size.width(), size.height())
                left += size.width() + _GAP
        self.more.setVisible(bool(self.hidden))
        size = self.more.sizeHint()
        self.more.setGeometry(left, (_HEIGHT - size.height()) // 2, size.width(), size.height())

    def _bare(self, bare: bool) -> None:
        for press in self._presses:
            if press.bare:
                self.buttons[press.key].setText("" if bare else press.words())

    def _wide(self, shown: list[Press]) -> int:
        return sum(self.buttons[press.key].sizeHint().width() + _GAP for press in shown) - _GAP

    def _fill(self) -> None:
        """The menu of what has no room."""
        self._menu.clear()
        for press in self.hidden:
            action = self._menu.addAction(press.words())
            action.setEnabled(self.buttons[press.key].isEnabled())
            action.triggered.connect(press.do)
