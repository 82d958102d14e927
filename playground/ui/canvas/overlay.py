"""What lies over the canvas and is no part of the network: the summary, the zoom buttons, the invitation, a word."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.document.check import Problem
from playground.ui.canvas.card import paint_mark
from playground.ui.canvas.legend import Legend
from playground.ui.theme import CAPTION, GRID, caption_font, font, themes, title_font
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip, PrimaryButton, TextButton
from playground.ui.widgets.painting import box

_MARGIN = 12


def _colored(label: QLabel, muted: bool) -> None:
    """Words in the theme's text or muted colour: by role, since the viewport would have them use its own."""
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText if muted else QPalette.ColorRole.WindowText)


class Summary(QLabel):
    """The widths of the layers and the number of parameters, at the lower left."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(caption_font())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(8, 3, 8, 3)

    def show_words(self, words: tuple[str, ...]) -> None:
        """Say them beside each other; hidden where there are none."""
        self.setText("    ".join(words))
        self.setVisible(bool(words))
        self.adjustSize()

    def restyle(self) -> None:
        """The theme has changed."""
        _colored(self, True)
        self.setFont(caption_font())
        self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """On a ground of its own: a panned network may lie behind it."""
        ground = QColor(themes.current().surface)
        ground.setAlphaF(0.9)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()), ground)
        painter.end()
        super().paintEvent(event)


class ZoomBar(QWidget):
    """Zoom out, zoom in, fit: at the lower right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.smaller = Chip(icon="minus", parent=self)
        self.larger = Chip(icon="plus", parent=self)
        self.fit = Chip(icon="fit", parent=self)
        for button in (self.smaller, self.larger, self.fit):
            row.addWidget(button)
        self.retranslate()

    def retranslate(self) -> None:
        """Say the names in the language of the window."""
        self.smaller.rename(tr("Zoom out (Ctrl+−)"))
        self.larger.rename(tr("Zoom in (Ctrl++)"))
        self.fit.rename(tr("Show the whole network (Home)"))


class Invitation(QWidget):
    """What an empty canvas says: how to begin, at one press, by hand, or by key."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3 * GRID)
        self._title, self._text, self._hint = QLabel(self), QLabel(self), QLabel(self)
        self.hidden_layer = PrimaryButton(parent=self)
        self.linear = Chip(parent=self)
        self.hidden_layer.clicked.connect(lambda: self.chosen.emit("hidden"))
        self.linear.clicked.connect(lambda: self.chosen.emit("linear"))
        self.deep, self.residual = Chip(parent=self), Chip(parent=self)
        self.deep.clicked.connect(lambda: self.chosen.emit("deep"))
        self.residual.clicked.connect(lambda: self.chosen.emit("residual"))
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.hidden_layer)
        buttons.addWidget(self.linear)
        buttons.addStretch(1)
        for label in (self._title, self._text, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setMinimumWidth(320)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(GRID)
        column.addLayout(buttons)
        others = QHBoxLayout()
        others.setSpacing(2 * GRID)
        others.addStretch(1)
        others.addWidget(self.deep)
        others.addWidget(self.residual)
        others.addStretch(1)
        column.addLayout(others)
        column.addSpacing(GRID)
        column.addWidget(self._hint)
        self.retranslate()
        self.restyle()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self._title.setText(tr("An empty canvas"))
        self._text.setText(tr("Values enter at an Input, pass through layers, and end in a Loss."))
        self.hidden_layer.setText(tr("Start with one hidden layer"))
        self.linear.setText(tr("Start with a linear model"))
        self.deep.setText(tr("Deep net"))
        self.residual.setText(tr("Residual block"))
        self._hint.setText(tr("Or drag from the palette, or type a name, such as “dense 8”."))
        self.adjustSize()

    def restyle(self) -> None:
        """The theme has changed."""
        self._title.setFont(title_font(20))
        self._text.setFont(font())
        self._hint.setFont(font(CAPTION + 1))
        _colored(self._title, False)
        _colored(self._text, True)
        _colored(self._hint, True)
        self.adjustSize()


class Banner(QWidget):
    """A problem that lies at no card ("There is no Loss."), with the button that mends it: at the top."""

    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(34, 2, 6, 2)
        row.setSpacing(2 * GRID)
        self._words = QLabel(self)
        self.button = TextButton(parent=self)
        self.button.clicked.connect(self.pressed)
        row.addWidget(self._words)
        row.addWidget(self.button)
        self._mark = "error"
        self.hide()

    def text(self) -> str:
        """The sentence that is shown."""
        return self._words.text()

    def show_problem(self, problem: Problem | None) -> None:
        """Say it, or go where there is none."""
        self.setVisible(problem is not None)
        if problem is None:
            self._words.setText("")
            return
        self._mark = "error" if problem.severity == "error" else "warning"
        self._words.setText(tr(problem.message))
        self._words.setToolTip(tr(problem.message))
        self.button.setVisible(problem.remedy is not None)
        self.button.setText(tr(problem.remedy.label) if problem.remedy is not None else "")
        self.restyle()

    def restyle(self) -> None:
        """The theme has changed."""
        _colored(self._words, False)
        self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card with its mark."""
        theme = themes.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()), theme.surface, theme.error if self._mark == "error" else theme.warn)
        paint_mark(painter, QRectF(10.0, self.height() / 2.0 - 8.0, 16.0, 16.0), self._mark, theme)
        painter.end()


class Word(QLabel):
    """A few words at the pointer: why a wire cannot end there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setFont(caption_font())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(8, 4, 8, 4)
        self.setWordWrap(True)
        self.hide()

    def say(self, text: str, at: QPoint) -> None:
        """Say it beside a point of the parent, inside of it; nothing: be gone."""
        self.setVisible(bool(text))
        if not text:
            return
        _colored(self, False)
        self.setFont(caption_font())
        self.setText(text)
        room = self._room.rect()
        self.setFixedWidth(min(self.fontMetrics().horizontalAdvance(text) + 20, 260, room.width()))
        self.setFixedHeight(self.heightForWidth(self.width()))
        left = min(max(at.x() + 14, 4), room.width() - self.width() - 4)
        top = min(max(at.y() + 14, 4), room.height() - self.height() - 4)
        self.move(left, top)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A small card."""
        theme = themes.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()), theme.surface, theme.edge)
        painter.end()
        super().paintEvent(event)


class Overlay:
    """Everything that lies over the canvas, and where."""

    def __init__(self, viewport: QWidget) -> None:
        self._viewport = viewport
        #: How much room what others put beside the zoom buttons takes.
        self.reserved = 0
        #: Whether maps and weights are shown, whose colours the legend explains where there is room.
        self.explained = False
        #: Whether a card that is to be seen whole lies at a place of the viewport.
        self.covers: Callable[[QRect], bool] = lambda place: False
        self.summary = Summary(viewport)
        self.legend = Legend(viewport)
        self.zoom = ZoomBar(viewport)
        self.invitation = Invitation(viewport)
        self.banner = Banner(viewport)
        self.word = Word(viewport)
        self.restyle()

    def arrange(self) -> None:
        """Put everything in its place; what has no room of its own gives way to buttons and cards."""
        room = self._viewport.rect()
        self.zoom.adjustSize()
        buttons = room.height() - self.zoom.height() - _MARGIN
        self.zoom.move(room.width() - self.zoom.width() - _MARGIN + 2, buttons + 2)
        # Without room beside the switch: keys, the wheel and the menu zoom too.
        self.zoom.setVisible(self.reserved + self.zoom.width() + 2 * _MARGIN <= room.width())
        self._arrange_words(room, buttons)
        wanted = self.invitation.sizeHint()
        self.invitation.resize(min(wanted.width(), room.width() - 16), wanted.height())
        self.invitation.move(
            (room.width() - self.invitation.width()) // 2, (room.height() - self.invitation.height()) // 2
        )
        self.banner.adjustSize()
        self.banner.resize(min(self.banner.width(), room.width() - 16), self.banner.height())
        self.banner.move((room.width() - self.banner.width()) // 2, _MARGIN)

    def _arrange_words(self, room: QRect, buttons: int) -> None:
        """The summary in the corner, or above the buttons where they leave no room beside them; the legend above it."""
        beside = room.width() - self.zoom.width() - self.reserved - 3 * _MARGIN
        raised = self.summary.width() > beside
        self.summary.move(_MARGIN, (buttons - 2 if raised else room.height() - _MARGIN) - self.summary.height())
        lowest = self.summary.y() if self.legend.width() <= beside else min(self.summary.y(), buttons - 2)
        self.legend.move(_MARGIN, lowest - self.legend.height())
        self.summary.setVisible(bool(self.summary.text()) and not (raised and self.covers(self.summary.geometry())))
        fits = self.legend.width() < room.width() - 2 * _MARGIN
        self.legend.setVisible(self.explained and fits and not self.covers(self.legend.geometry()))

    def restyle(self) -> None:
        """The theme has changed."""
        self.summary.restyle()
        self.invitation.restyle()
        self.banner.restyle()
        self.arrange()

    def retranslate(self) -> None:
        """The language has changed."""
        self.legend.retranslate()
        self.zoom.retranslate()
        self.invitation.retranslate()
        self.arrange()
