"""The gradient check at a button: analytic against central difference for every parameter, the worst named.

It runs on a thread of its own, over the rows of the pass, and says how each parameter did. What is dropped out is not:
a difference between two passes with other masks would mean nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from playground.engine.derivation import place_of
from playground.engine.descent import Terrain
from playground.engine.exact import rounded
from playground.engine.formulas import Number
from playground.engine.gradcheck import STEP, TOLERANCE, Report, gradient_check, relative_error
from playground.engine.passes import Pass
from playground.engine.symbols import Symbols
from playground.engine.training_engine import one_blas_thread
from playground.ui.microscope.page import Page
from playground.ui.microscope.reader import Reader
from playground.ui.projector import number_size, projector, row_height, word_size
from playground.ui.theme import CONTROL, GRID, figure_font, font
from playground.ui.translation import figure, tr
from playground.ui.widgets.chip import PrimaryButton

#: Milliseconds between two looks at whether it is done.
_LOOK = 50
#: The column of the errors; the height of a row.
_ERROR, _ROW = 4, 24
#: Two passes for each number, each over all numbers and rows: more than so many would take minutes.
MOST = 5e10


@dataclass(frozen=True)
class _Row:
    """How one parameter did: its worst number, that number's gradient and the difference beside it."""

    number: Number
    gradient: float
    difference: float
    error: float
    corner: bool


class _Work:
    """One check, on a thread of its own. `rows` and `report` are there when it has ended and was not stopped."""

    def __init__(self, found: Pass, symbols: Symbols) -> None:
        self.found, self.symbols = found, symbols
        self.report: Report | None = None
        self.rows: list[_Row] = []
        self.finite = True
        self.reached = 0
        self.stopped = False
        self.thread = threading.Thread(target=self._run, name="gradient check")
        self.thread.start()

    def _run(self) -> None:
        one_blas_thread()
        found = self.found
        terrain = Terrain(found.program, found.x, found.trace.targets, found.hyper)
        values = found.before.values
        self.finite = bool(np.isfinite(terrain.height(values)))
        if not self.finite:
            return
        with np.errstate(all="ignore"):
            report = gradient_check(found.program, values, found.x, found.trace.targets, found.hyper, self._stop)
        if self.stopped:
            return
        gradient = terrain.slope(values)
        rows = [
            self._row(terrain, gradient, (name, worst.worst_index), worst.max_relative_error)
            for name, worst in report.parameters.items()
        ]
        self.rows = sorted(rows, key=lambda row: -row.error)
        self.report = report

    def _row(self, terrain: Terrain, gradient: np.ndarray, number: Number, error: float) -> _Row:
        """The two numbers that were compared, once more."""
        values, place = self.found.before.values, place_of(terrain.program, number)
        step = STEP * max(1.0, abs(float(values[place])))
        heights = []
        for side in (step, -step):
            moved = values.copy()
            moved[place] += side
            heights.append(terrain.height(moved))
        analytic, difference = float(gradient[place]), (heights[0] - heights[1]) / (2.0 * step)
        apart = relative_error(np.array([analytic]), np.array([difference]), terrain.height(values))
        return _Row(number, analytic, difference, error, error == 0.0 and bool(apart[0] > TOLERANCE))

    def _stop(self) -> bool:
        self.reached += 1
        return self.stopped


class CheckPage(Page):
    """A button, a sentence, and a table with a line for each parameter."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._work: _Work | None = None
        self._shown: _Work | None = None
        self._wanted = False
        self._told: Callable[[], str] = _meaning
        self.button = PrimaryButton()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.table = QTableWidget(0, 5)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setFrameShape(QTableWidget.Shape.NoFrame)
        self.table.setCornerWidget(QWidget())
        self.table.setStyleSheet(
            "QTableView, QHeaderView, QHeaderView::section { background: transparent; border: 0; }"
        )
        across = self.table.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        # Its title is longer than its numbers.
        across.setSectionResizeMode(_ERROR, QHeaderView.ResizeMode.ResizeToContents)
        above = QHBoxLayout()
        above.setSpacing(2 * GRID)
        above.addWidget(self.button)
        above.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(above)
        column.addWidget(self.table, 1)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK)
        self._look.timeout.connect(self._done)
        self.button.clicked.connect(self.check)
        reader.pass_changed.connect(self._stale)
        projector.changed.connect(self._resize_type)
        self._resize_type()
        self.retranslate()

    def _resize_type(self, _on: object = None) -> None:
        """As large as numbers are now."""
        self.table.setFont(figure_font(number_size(CONTROL), bold=False))
        self.table.verticalHeader().setDefaultSectionSize(row_height(_ROW))
        self.words.setFont(font(word_size(CONTROL)))

    def check(self) -> None:
        """Check the gradients at the present weights, over the rows of the pass; without one over the next batch."""
        found = self._reader.found
        if self._work is not None:
            return
        if found is None:
            self._wanted = True
            self._reader.begin()
            return
        self._wanted = False
        if float(found.program.size) ** 2 * found.samples > MOST:
            self._tell(lambda: tr("This network is too large for a check here: use the command line, `gradcheck`."))
            return
        self.button.setEnabled(False)
        self._work = work = _Work(found, self._reader.symbols)
        self._tell(lambda: tr("Checking {count} numbers …", count=figure(work.found.program.size - work.reached)))
        self._look.start()

    def end_work(self) -> None:
        """End the check that is under way, and wait for its thread."""
        self._look.stop()
        if self._work is not None:
            self._work.stopped = True
            self._work.thread.join()
            self._work = None
            self.button.setEnabled(True)

    def _done(self) -> None:
        work = self._work
        if work is None:
            return
        if work.thread.is_alive():
            self.words.setText(self._told())
            return
        self.end_work()
        if work.report is not None:
            self._shown = work
            self._fill(work)
            self._tell(lambda: _verdict(work))
        elif not work.finite:
            self._tell(lambda: tr("The loss is no finite number here: there is nothing to compare."))

    def _fill(self, work: _Work) -> None:
        self.table.setRowCount(len(work.rows))
        for place, row in enumerate(work.rows):
            error = tr("corner") if row.corner else _small(row.error)
            texts = (row.number[0], work.symbols.parameter(*row.number).text, rounded(row.gradient),
                     rounded(row.difference), error)  # fmt: skip
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(_side(column))
                self.table.setItem(place, column, item)

    def _stale(self) -> None:
        """There is another pass: what was checked, or is being checked, is no longer what is looked at."""
        found, last = self._reader.found, self._work or self._shown
        if last is not None and found is not last.found:
            moved = found is None or not np.array_equal(found.before.values, last.found.before.values)
            self.end_work()
            self._shown = None
            self.table.setRowCount(0)
            self._tell(_moved if moved else _others)
        if self._wanted and found is not None:
            self.check()

    def _tell(self, told: Callable[[], str]) -> None:
        """Say this, in whatever language the window has."""
        self._told = told
        self.words.setText(told())

    def keyboard(self) -> QWidget | None:
        """The table."""
        return self.table if self.table.isVisible() else None

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.button.setText(tr("Check all gradients"))
        self.table.setAccessibleName(tr("Gradient check by parameter"))
        heads = tr("parameter"), tr("worst"), tr("gradient"), tr("difference"), tr("largest relative error")
        for column, text in enumerate(heads):
            head = QTableWidgetItem(text)
            head.setTextAlignment(_side(column))
            self.table.setHorizontalHeaderItem(column, head)
        if self._shown is not None:
            self._fill(self._shown)
        self.words.setText(self._told())

    def restyle(self) -> None:
        """The theme has changed; the table paints itself in it."""


def _side(column: int) -> Qt.AlignmentFlag:
    """Names stand at the left, numbers at the right."""
    side = Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _meaning() -> str:
    return tr("Each gradient against (L(w + h) − L(w − h)) / 2h.")


def _moved() -> str:
    return tr("The weights have changed since: check again.")


def _others() -> str:
    return tr("These are other rows now: check again.")


def _small(error: float) -> str:
    """A relative error: 6.6e-12 with a minus that can be seen."""
    return "0" if error == 0.0 else f"{error:.1e}".replace("-", "−")


def _verdict(work: _Work) -> str:
    report, worst = work.report, work.rows[0] if work.rows else None
    if report is None or worst is None:
        return tr("There is nothing to check: the network has no weights.")
    counts = {
        "checked": figure(report.checked),
        "error": _small(report.max_relative_error),
        "name": work.symbols.parameter(*worst.number).text,
    }
    words = (
        tr("All {checked} gradients agree: the largest relative error is {error}, of {name}.", **counts) if report.ok
        else tr("Gradients differ: the largest relative error of {checked} is {error}, at {name}.", **counts)
    )  # fmt: skip
    if report.corners:
        words += " " + tr("{count} lie at a corner, where there is no slope: that is no error.",
                          count=figure(report.corners))  # fmt: skip
    return words
