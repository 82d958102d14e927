"""Lines of mathematics below each other: typeset as soon as they are, plain text until then; as large as one likes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from playground.ui.microscope.math_sheet import LARGEST, MARGIN, SIZE, SMALLEST, MathLine, Sheet
from playground.ui.microscope.typeset import Typesetter
from playground.ui.projector import projector
from playground.ui.theme import themes

#: A turn of the wheel by so much is one step.
_NOTCH = 120
_LARGER = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)


class EquationView(QScrollArea):
    """Shows lines of mathematics; Ctrl and the wheel, the keys + − 0, or `zoom` change their size."""

    zoomed = Signal(int)

    def __init__(self, typesetter: Typesetter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = Sheet(typesetter)
        self._turned = 0
        self._revealed: int | None = None
        self.setWidget(self._sheet)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCornerWidget(QWidget())
        self._sheet.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().actionTriggered.connect(self._scrolled)
        self.verticalScrollBar().valueChanged.connect(self._settle)
        typesetter.ready.connect(self._settle)
        themes.changed.connect(self._settle)
        projector.changed.connect(self._settle)

    def show_lines(self, lines: Sequence[MathLine], reveal: int | None = None) -> None:
        """Show these lines and no others; `reveal` is which of them is to be seen, at the top where it can be."""
        if tuple(lines) != self._sheet.lines:
            self._sheet.drop()
            self._sheet.lines = tuple(lines)
            self.setAccessibleDescription(self.text())
            self._revealed = None
        if reveal is not None:
            self._revealed = reveal
        self._settle()

    def lines(self) -> tuple[MathLine, ...]:
        """What is shown."""
        return self._sheet.lines

    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join(
            line.text if line.beside is None else f"{line.text}    {line.beside[1]}" for line in self._sheet.lines
        )

    def latex(self) -> str:
        """The mathematics that is shown, as LaTeX that can be put between the signs of a formula."""
        lines = [
            line.latex if line.beside is None else rf"{line.latex} \qquad {line.beside[0]}"
            for line in self._sheet.lines
            if line.latex
        ]
        if len(lines) < 2:
            return "".join(lines)
        return "\n".join((r"\begin{gathered}", " \\\\\n".join(lines), r"\end{gathered}"))

    @property
    def size_of_type(self) -> int:
        """The height of the type, in pixels."""
        return self._sheet.size_of_type

    def zoom(self, steps: int) -> None:
        """Larger or smaller type."""
        self._resize_type(self._sheet.size_of_type + 2 * steps)

    def _resize_type(self, size: int) -> None:
        size = min(max(size, SMALLEST), LARGEST)
        if size != self._sheet.size_of_type:
            self._sheet.size_of_type = size
            self._settle()
            self.zoomed.emit(size)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the size, else the place."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._turned += event.angleDelta().y()
        steps = int(self._turned / _NOTCH)
        self._turned -= steps * _NOTCH
        self.zoom(steps)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The size by keys; else the place."""
        if event.key() in _LARGER:
            self.zoom(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(-1)
        elif event.key() == Qt.Key.Key_0:
            self._resize_type(SIZE)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sheet fills what there is."""
        super().resizeEvent(event)
        self._settle()

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again: typeset what is not yet."""
        super().showEvent(event)
        self._settle()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is typeset for nobody."""
        super().hideEvent(event)
        self._sheet.drop()

    def _settle(self, _news: object = None) -> None:
        if not self.isVisible():
            return
        # Beside a scroll bar, whether there is one or not: smaller type would do without it, and larger again need it.
        self._sheet.settle(self.width() - self.verticalScrollBar().sizeHint().width())
        if self._revealed is not None:
            found, _ = self._sheet.set_lines()
            if self._revealed < len(found):
                self.verticalScrollBar().setValue(round(found[self._revealed].top) - MARGIN)

    def _scrolled(self, _action: int) -> None:
        """From now on the reader is where the reader likes."""
        self._revealed = None
