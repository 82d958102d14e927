"""The panel "What is going on": plain sentences that are true of this run, each with its remedy at one press.

What they say is decided in `findings`; this shows it, at most four times a second so that it can be read. The panel
asks for the height that its sentences need; where it does not get that, it scrolls: a remedy is never out of reach.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.document.problem import Remedy
from playground.training.run import Divergence
from playground.training.snapshot import Ended, Snapshot
from playground.ui.findings import MOST, Insight, Tone, sentences
from playground.ui.icons import draw_icon
from playground.ui.session import Session
from playground.ui.theme import GRID, themes
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.card import Card
from playground.ui.widgets.chip import Chip
from playground.ui.widgets.painting import painter_on
from playground.ui.widgets.room import Room

__all__ = ["Insight", "InsightPanel", "sentences"]

_MARKS: dict[Tone, str] = {"ok": "check", "info": "info", "warn": "warn", "error": "error"}
_MARK = 16
#: How wide the panel likes to be, and how high it makes itself at least and at most: the plots need their room too.
_WIDTH, _LOWEST, _HIGHEST = 360, 112, 264
_MARGIN = 3 * GRID


class _Mark(QWidget):
    """The sign before a sentence: what kind of news it is, in shape and colour."""

    def __init__(self) -> None:
        super().__init__()
        self.tone: Tone = "info"
        self.setFixedSize(QSize(_MARK, _MARK + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        color = {"ok": theme.ok, "info": theme.accent, "warn": theme.warn, "error": theme.error}[self.tone]
        painter = painter_on(self)
        draw_icon(painter, _MARKS[self.tone], QRectF(0.0, 1.0, _MARK, _MARK), color)
        painter.end()


class _Row(QWidget):
    """One sentence, and its remedy below it."""

    def __init__(self) -> None:
        super().__init__()
        self.mark, self.words, self.button = _Mark(), QLabel(), Chip()
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.words)
        right.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def say(self, insight: Insight) -> None:
        self.mark.tone = insight.tone
        self.mark.update()
        # A line never ends between a number and its per cent.
        self.words.setText(tr(insight.message).replace(" %", "\N{NO-BREAK SPACE}%"))
        self.button.setVisible(insight.remedy is not None)
        if insight.remedy is not None:
            self.button.setText(tr(insight.remedy.label))


class InsightPanel(Card):
    """A card with up to three sentences about the run of a session."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._session = session
        self._divergence: Divergence | None = None
        self._shown: tuple[Insight, ...] = ()
        self._rows = [_Row() for _ in range(MOST)]
        self._inner = QWidget()
        self.area = Room(self._inner)
        self._lay_out()
        session.reading.connect(self._show_reading)
        session.problems_changed.connect(self.refresh)
        session.plan_changed.connect(self.refresh)
        session.ended.connect(self._ended)
        themes.changed.connect(self.update)
        language_changed.connect(self._retranslate)
        self._retranslate()

    def _lay_out(self) -> None:
        outside = self.layout()
        if outside is not None:
            outside.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        for place, row in enumerate(self._rows):
            column.addWidget(row)
            row.hide()
            row.button.clicked.connect(lambda _checked=False, place=place: self._mend(place))
        column.addStretch()
        self.body.addWidget(self.area, 1)

    def sizeHint(self) -> QSize:
        """High enough for everything that it says now, at its present width."""
        return QSize(_WIDTH, self._needed())

    def minimumSizeHint(self) -> QSize:
        """The same, within limits, so that a panel that holds it makes room."""
        return QSize(super().minimumSizeHint().width(), min(max(self._needed(), _LOWEST), _HIGHEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width the sentences need another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _needed(self) -> int:
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else _WIDTH
        rows = self._inner.heightForWidth(width - 2 * _MARGIN)
        return 2 * _MARGIN + self.header.sizeHint().height() + 2 * GRID + rows

    @property
    def insights(self) -> tuple[Insight, ...]:
        """What it says."""
        return self._shown

    def texts(self) -> tuple[str, ...]:
        """What it says, in the language of the window."""
        return tuple(tr(insight.message) for insight in self._shown)

    def refresh(self) -> None:
        """Judge the run anew, and show what is to be said."""
        session = self._session
        said = sentences(session.plan, session.snapshot, session.problems, session.document, self._divergence)
        if said != self._shown:
            self._show(said)

    def _show_reading(self, snapshot: Snapshot) -> None:
        if self.isVisible() or not snapshot.running:
            self.refresh()

    def _ended(self, event: Ended) -> None:
        self._divergence = event.divergence

    def _show(self, said: tuple[Insight, ...]) -> None:
        if said != self._shown:
            self.area.verticalScrollBar().setValue(0)
        self._shown = said
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(said))
            if place < len(said):
                row.say(said[place])
        self.area.settle()
        self.updateGeometry()
        self.setAccessibleDescription(" ".join(self.texts()))

    def _mend(self, place: int) -> None:
        remedy: Remedy | None = self._shown[place].remedy
        if remedy is not None:
            self._session.edit(remedy.label, remedy.apply)

    def _retranslate(self) -> None:
        self.set_title(tr("What is going on"))
        self._show(self._shown)
        self.refresh()
