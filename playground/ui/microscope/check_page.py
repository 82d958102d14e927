"""The gradient check at a button: analytic against central difference for every parameter, the worst named.

It runs on a thread of its own, over the rows of the pass, and says how each parameter did.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from playground.engine.gradcheck import Report, gradient_check
from playground.engine.passes import Pass
from playground.engine.training_engine import one_blas_thread
from playground.ui.microscope.reader import Reader
from playground.ui.theme import GRID
from playground.ui.translation import figure, tr
from playground.ui.widgets.chip import PrimaryButton

#: Milliseconds between two looks at whether it is done.
_LOOK = 50
#: Parameters times rows above which a check would take minutes.
MOST = 5_000_000


class CheckPage(QWidget):
    """A button, a sentence, and a table with a line for each parameter."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._thread: threading.Thread | None = None
        self._found: Report | None = None
        self._shown: tuple[Pass, Report] | None = None
        self._of: Pass | None = None
        self.button = PrimaryButton()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.table = QTableWidget(0, 4)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
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
        self.retranslate()

    def check(self) -> None:
        """Check the gradients at the present weights, over the rows of the pass."""
        found = self._reader.found
        if self._thread is not None:
            return
        if found is None:
            self._reader.begin()
            self.words.setText(tr("Press Step first: the check is over the rows of a pass."))
            return
        if found.program.size * found.samples > MOST:
            self.words.setText(tr("This network is too large for a check here: use the command line, `gradcheck`."))
            return
        self._of, self._found = found, None
        self.button.setEnabled(False)
        self.words.setText(tr("Checking {count} numbers …", count=figure(found.program.size)))
        self._thread = threading.Thread(target=self._work, args=(found,), name="gradient check")
        self._thread.start()
        self._look.start()

    def _work(self, found: Pass) -> None:
        one_blas_thread()
        self._found = gradient_check(found.program, found.before.values, found.x, found.trace.targets, found.hyper)

    def close_check(self) -> None:
        """Wait for the thread."""
        self._look.stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _done(self) -> None:
        if self._thread is None or self._thread.is_alive():
            return
        self.close_check()
        self.button.setEnabled(True)
        if self._found is not None and self._of is not None:
            self._shown = self._of, self._found
            self._show()

    def _show(self) -> None:
        if self._shown is None:
            return
        found, report = self._shown
        symbols = self._reader.symbols
        rows = sorted(report.parameters.items(), key=lambda pair: -pair[1].max_relative_error)
        self.table.setRowCount(len(rows))
        for row, (name, worst) in enumerate(rows):
            analytic = float(found.trace.parameters[name].gradient[worst.worst_index])
            cells = (name, symbols.parameter(name, worst.worst_index).text, f"{analytic:.6g}",
                     f"{worst.max_relative_error:.1e}")  # fmt: skip
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        counts = {"checked": figure(report.checked), "error": f"{report.max_relative_error:.1e}"}
        words = (
            tr("All {checked} gradients agree: the largest relative error is {error}.", **counts) if report.ok else
            tr("Gradients differ: the largest relative error of {checked} is {error}, at {name}.", **counts,
               name=rows[0][0])
        )  # fmt: skip
        if report.corners:
            words += " " + tr("{count} lie at a corner, where there is no slope: that is no error.",
                              count=figure(report.corners))  # fmt: skip
        self.words.setText(words)

    def _stale(self) -> None:
        """The weights have changed since."""
        if self._shown is not None and self._reader.found is not self._shown[0]:
            self._shown = None
            self.table.setRowCount(0)
            self.words.setText(tr("The weights have changed since: check again."))

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.button.setText(tr("Check all gradients"))
        self.table.setAccessibleName(tr("Gradient check by parameter"))
        self.table.setHorizontalHeaderLabels(
            [tr("parameter"), tr("worst"), tr("gradient"), tr("largest relative error")]
        )
        if self._shown is not None:
            self._show()
        elif self._thread is None:
            self.words.setText(tr("Each gradient against (L(w + h) − L(w − h)) / 2h."))

    def restyle(self) -> None:
        """The theme has changed."""
