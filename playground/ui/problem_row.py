"""Problems as the inspector lists them: the sign, the whole sentence, and the button that mends it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.document.check import Problem
from playground.ui.canvas.card import paint_mark
from playground.ui.session import Session
from playground.ui.theme import GRID, themes
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.chip import Chip


class Mark(QWidget):
    """The sign of an error or a warning."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._mark = ""
        self.setFixedSize(18, 18)

    def show_mark(self, mark: str) -> None:
        """Be that of an "error" or a "warning"."""
        self._mark = mark
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        painter = QPainter(self)
        paint_mark(painter, QRectF(1.0, 1.0, 16.0, 16.0), self._mark, themes.current())
        painter.end()


class ProblemRow(QWidget):
    """A problem in full, and the button that mends it."""

    def __init__(self, problem: Problem, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self._session = session
        self._colored = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        self._mark = Mark(self)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.words, 1)
        column.addLayout(line)
        self._chip = Chip(icon="check", parent=self)
        self._chip.clicked.connect(self._mend)
        row = QHBoxLayout()
        row.addWidget(self._chip)
        row.addStretch(1)
        column.addLayout(row)
        language_changed.connect(self.retranslate)
        self.show_problem(problem)

    @property
    def button(self) -> Chip | None:
        """What mends the problem; None where nothing does at one press."""
        return self._chip if self.problem.remedy is not None else None

    def show_problem(self, problem: Problem) -> None:
        """Be the row of another problem."""
        colored, self.problem = self._colored == problem.severity, problem
        self._mark.show_mark("error" if problem.severity == "error" else "warning")
        self._chip.setVisible(problem.remedy is not None)
        self.retranslate()
        if not colored:
            self.restyle()

    def _mend(self) -> None:
        remedy = self.problem.remedy
        if remedy is not None:
            self._session.edit(remedy.label, remedy.apply)

    def retranslate(self, *language: object) -> None:
        """Say the problem and its remedy in the language of the window."""
        problem = self.problem
        kind = tr("Problem") if problem.severity == "error" else tr("Warning")
        self.words.setText(tr(problem.message))
        self.words.setAccessibleName(f"{kind}: {tr(problem.message)}")
        if problem.remedy is not None:
            self._chip.setText(tr(problem.remedy.label))

    def restyle(self) -> None:
        """The theme has changed."""
        theme, colors = themes.current(), self.words.palette()
        colors.setColor(QPalette.ColorRole.WindowText, theme.error if self.problem.severity == "error" else theme.warn)
        self.words.setPalette(colors)
        self._colored = self.problem.severity


class ProblemList(QWidget):
    """Problems one below the other. What an edit has made of them is shown a moment later, as soon as there is time.

    Rows are kept for the next problems: to make one takes long. `changed`: there are others now.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: list[Problem] = []
        self._shown: list[Problem] = []
        self._rows: list[ProblemRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * GRID)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._settle)
        self.hide()

    def show_problems(self, problems: list[Problem]) -> None:
        """List these, when there is time."""
        self._wanted = problems
        self._later.start(0)

    def rows(self) -> list[ProblemRow]:
        """The rows of the problems that there are, whether or not there has been time to show them."""
        self._settle()
        return self._rows[: len(self._shown)]

    def buttons(self) -> list[Chip]:
        """Those that are seen at this moment."""
        buttons = [row.button for row in self._rows[: len(self._shown)]]
        return [button for button in buttons if button is not None]

    def restyle(self) -> None:
        """The theme has changed."""
        for row in self._rows:
            row.restyle()

    def _settle(self) -> None:
        self._later.stop()
        same, self._shown = self._wanted == self._shown, self._wanted
        if same:
            # What says the same may have been found in another document, and be mended by another edit.
            for row, problem in zip(self._rows, self._shown, strict=False):
                row.problem = problem
            return
        for problem in self._shown[len(self._rows) :]:
            self._rows.append(ProblemRow(problem, self._session, self))
            self._column.addWidget(self._rows[-1])
        for row, problem in zip(self._rows, self._shown, strict=False):
            row.show_problem(problem)
            row.show()
        for row in self._rows[len(self._shown) :]:
            row.hide()
        self.setVisible(bool(self._shown))
        self.changed.emit()
