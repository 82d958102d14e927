"""One of a few, side by side: Drawing, Neurons, Operations."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from playground.ui.theme import GRID
from playground.ui.widgets.chip import Chip
from playground.ui.widgets.painting import keeps_key


class _Segment(Chip):
    def event(self, event: QEvent) -> bool:
        """Keep the keys that press it from the shortcuts of the window."""
        return keeps_key(event, arrows=True) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys of this control."""
        control = self.parentWidget()
        if isinstance(control, Segmented) and control.key_pressed(event.key()):
            return
        super().keyPressEvent(event)


class Segmented(QWidget):
    """Exactly one of its choices is filled. Tab enters at that one, arrows, Home and End move.

    `chosen` carries the key of the new choice, only when the user made it.
    """

    chosen = Signal(str)

    def __init__(self, name: str, choices: Iterable[tuple[str, str]], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._segments: dict[str, _Segment] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for key, words in choices:
            segment = _Segment(words)
            segment.setCheckable(True)
            segment.clicked.connect(lambda _checked=False, key=key: self._choose(key))
            self._group.addButton(segment)
            self._segments[key] = segment
            row.addWidget(segment)
        self._choice = next(iter(self._segments))
        self._show()

    def choice(self) -> str:
        """The key of the choice."""
        return self._choice

    def set_choice(self, key: str) -> None:
        """Show another choice, without a signal; raises KeyError for none of them."""
        if key not in self._segments:
            raise KeyError(key)
        self._choice = key
        self._show()

    def set_words(self, words: Iterable[tuple[str, str]]) -> None:
        """Say the choices in other words (the language changed)."""
        for key, text in words:
            self._segments[key].setText(text)

    def set_available(self, key: str, available: bool) -> None:
        """Whether this choice can be made now."""
        self._segments[key].setEnabled(available)

    def segment(self, key: str) -> Chip:
        """The button of one choice."""
        return self._segments[key]

    def key_pressed(self, key: int) -> bool:
        """Move by a key; whether it was one that moves."""
        keys = [name for name, segment in self._segments.items() if segment.isEnabled()]
        if not keys:
            return False
        here = keys.index(self._choice) if self._choice in keys else 0
        forward, back = Qt.Key.Key_Right, Qt.Key.Key_Left
        if self.isRightToLeft():
            forward, back = back, forward
        if key in (forward, Qt.Key.Key_Down):
            there = (here + 1) % len(keys)
        elif key in (back, Qt.Key.Key_Up):
            there = (here - 1) % len(keys)
        elif key == Qt.Key.Key_Home:
            there = 0
        elif key == Qt.Key.Key_End:
            there = len(keys) - 1
        else:
            return False
        self._choose(keys[there])
        self._segments[keys[there]].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _choose(self, key: str) -> None:
        changed = key != self._choice
        self._choice = key
        self._show()
        if changed:
            self.chosen.emit(key)

    def _show(self) -> None:
        for key, segment in self._segments.items():
            segment.setChecked(key == self._choice)
            # One stop for Tab: the choice itself.
            policy = Qt.FocusPolicy.TabFocus if key == self._choice else Qt.FocusPolicy.NoFocus
            if segment.focusPolicy() != policy and not (segment.hasFocus() and policy == Qt.FocusPolicy.NoFocus):
                segment.setFocusPolicy(policy)
        current = self._segments[self._choice]
        for segment in self._segments.values():
            if segment.hasFocus() and segment is not current:
                current.setFocus(Qt.FocusReason.TabFocusReason)
                segment.setFocusPolicy(Qt.FocusPolicy.NoFocus)
