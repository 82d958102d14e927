"""Lines of mathematics below each other: typeset as soon as they are, plain text until then; as large as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from playground.ui.microscope.typeset import Equation, Typesetter
from playground.ui.theme import Theme, themes

#: Heights of type, in pixels: at first, at least and at most (for a projector).
SIZE, SMALLEST, LARGEST = 22, 14, 48
_MARGIN, _GAP = 12, 10

Ink = Literal["text", "muted", "forward", "gradient"]


@dataclass(frozen=True)
class MathLine:
    """One line: as LaTeX and the same as plain text, in the colour of what it means."""

    latex: str
    text: str
    ink: Ink = "text"
    size: float = 1.0


class _Sheet(QWidget):
    """What scrolls."""

    def __init__(self, typesetter: Typesetter) -> None:
        super().__init__()
        self._typesetter = typesetter
        self.lines: tuple[MathLine, ...] = ()
        self.size_of_type = SIZE
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)

    def _equations(self) -> list[Equation]:
        theme = themes.current()
        return [
            self._typesetter.equation(
                line.latex,
                line.text,
                max(SMALLEST - 2, round(self.size_of_type * line.size)),
                _color(line.ink, theme),
                (id(self), place),
            )
            for place, line in enumerate(self.lines)
        ]

    def sizeHint(self) -> QSize:
        """Room for all lines."""
        found = self._equations()
        width = max((one.size.width() for one in found), default=0.0)
        height = sum(one.size.height() + _GAP for one in found)
        return QSize(round(width) + 2 * _MARGIN, round(height) + 2 * _MARGIN)

    def settle(self) -> None:
        """Take the room that the lines need now."""
        hint = self.sizeHint()
        parent = self.parentWidget()
        width = max(hint.width(), parent.width() if parent is not None else 0)
        self.setFixedSize(width, max(hint.height(), parent.height() if parent is not None else 0))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """All lines, from the top."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = float(_MARGIN)
        for equation in self._equations():
            equation.paint(painter, QPointF(_MARGIN, top))
            top += equation.size.height() + _GAP
        painter.end()


def _color(ink: Ink, theme: Theme) -> QColor:
    return {"text": theme.text, "muted": theme.muted, "forward": theme.forward, "gradient": theme.gradient}[ink]


class EquationView(QScrollArea):
    """Shows lines of mathematics; Ctrl and the wheel, or `zoom`, change their size. `copied` asks for the clipboard."""

    zoomed = Signal(int)

    def __init__(self, typesetter: Typesetter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = _Sheet(typesetter)
        self.setWidget(self._sheet)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sheet.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        typesetter.ready.connect(self._settle)
        themes.changed.connect(self._settle)

    def show_lines(self, lines: Sequence[MathLine]) -> None:
        """Show these lines and no others."""
        if tuple(lines) != self._sheet.lines:
            self._sheet.lines = tuple(lines)
            self.setAccessibleDescription(self.text())
            self._settle()

    def lines(self) -> tuple[MathLine, ...]:
        """What is shown."""
        return self._sheet.lines

    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join(line.text for line in self._sheet.lines)

    def latex(self) -> str:
        """What is shown, as LaTeX."""
        return "\n".join(line.latex for line in self._sheet.lines if line.latex)

    def zoom(self, steps: int) -> None:
        """Larger or smaller type."""
        size = min(max(self._sheet.size_of_type + 2 * steps, SMALLEST), LARGEST)
        if size != self._sheet.size_of_type:
            self._sheet.size_of_type = size
            self._settle()
            self.zoomed.emit(size)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the size, else the place."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: object) -> None:
        """The sheet fills what there is."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._settle()

    def _settle(self, _theme: object = None) -> None:
        if self._sheet.lines or self.isVisible():
            self._sheet.settle()
