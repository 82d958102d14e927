"""The chain rule for one chosen weight or bias, written out; *One formula* beside it; *Ask me* and *Nudge*."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.engine.derivation import Derivation, derive
from playground.engine.formulas import Number
from playground.engine.nudge import DELTA
from playground.ui.microscope.ask_bar import AskBar
from playground.ui.microscope.chain_lines import asked_line, chain_lines, formula_lines, nudge_lines
from playground.ui.microscope.equation_view import EquationView, MathLine
from playground.ui.microscope.reader import Reader
from playground.ui.theme import GRID
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip
from playground.ui.widgets.choice import DropDown
from playground.ui.widgets.switch import Switch

#: Numbers that are offered by name; of a larger network they are chosen on the canvas or in the ledger.
MOST_OFFERED = 400


class ChainPage(QWidget):
    """What is shown follows the reader's target; without one the first weight is taken."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._derivation: Derivation | None = None
        self._nudged = False
        self.choice = DropDown()
        self.full, self.one = Switch(size="small"), Switch(size="small")
        self.latex, self.text = Chip(), Chip()
        self.equations = EquationView(reader.typesetter)
        self.question = AskBar()
        self._label = QLabel()
        self._lay_out()
        self.choice.activated.connect(self._chosen)
        self.full.toggled.connect(self._write)
        self.one.toggled.connect(self._write)
        self.latex.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.equations.latex()))
        self.text.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.equations.text()))
        self.question.changed.connect(self._write)
        self.question.hide()
        for signal in (reader.pass_changed, reader.moved, reader.target_changed):
            signal.connect(self._renew)
        self.retranslate()

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(2 * GRID)
        above.addWidget(self._label)
        above.addWidget(self.choice)
        above.addStretch(1)
        controls: tuple[QWidget, ...] = (self.one, self.full, self.text, self.latex)
        for control in controls:
            above.addWidget(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(above)
        column.addWidget(self.equations, 1)
        column.addWidget(self.question)

    # --- what is asked for from outside ------------------------------------------------------------

    def ask(self) -> None:
        """Cover a factor, and ask what it is."""
        self._nudged = False
        self.one.setChecked(False)
        if self._derivation is not None:
            self.question.begin(self._derivation)

    def nudge(self) -> None:
        """Move the chosen number a little, and show what it does."""
        self.question.end()
        self._nudged = not self._nudged
        self._write()

    # --- keeping up --------------------------------------------------------------------------------

    def _renew(self) -> None:
        """Another pass, row or number."""
        if not self.isVisible():
            return
        before, self._derivation = self._derivation, self._derive()
        self._offer()
        if before is None or self._derivation is None or before.number != self._derivation.number:
            self._nudged = False
        self.question.follow(self._derivation)
        self._write()

    def _derive(self) -> Derivation | None:
        reader = self._reader
        if reader.found is None or not reader.found.program.parameters:
            return None
        number = reader.target or (reader.found.program.parameters[0].name, _first(reader))
        try:
            return derive(reader.found, *number, reader.row, reader.symbols)
        except (KeyError, IndexError):
            return None

    def _offer(self) -> None:
        """The numbers by their names."""
        derivation = self._derivation
        self.choice.setVisible(derivation is not None)
        if derivation is None:
            return
        program, symbols = derivation.done.program, derivation.sample.symbols
        numbers: list[Number] = []
        if program.size <= MOST_OFFERED:
            numbers = [(one.name, index) for one in program.parameters for index in np.ndindex(*one.shape)]
        if derivation.number not in numbers:
            numbers.append(derivation.number)
        known = [self.choice.itemData(place) for place in range(self.choice.count())]
        texts = [symbols.parameter(*number).text for number in numbers]
        if known != numbers or texts != [self.choice.itemText(place) for place in range(self.choice.count())]:
            self.choice.clear()
            for number, text in zip(numbers, texts, strict=True):
                self.choice.addItem(text, number)
        self.choice.setCurrentIndex(numbers.index(derivation.number))

    def _chosen(self, place: int) -> None:
        name, index = self.choice.itemData(place)
        self._reader.choose(name, tuple(index))

    def _write(self, _on: object = None) -> None:
        derivation = self._derivation
        if derivation is None:
            words = tr("Press Step, or click a data point: the chain rule is written here.")
            self.equations.show_lines((MathLine("", words, "muted", 0.68),))
            return
        if self.question.asking and derivation.paths:
            path, covered = self.question.path(derivation)
            self.equations.show_lines((asked_line(derivation, path, covered),))
            return
        lines = list(nudge_lines(derivation, DELTA)) if self._nudged else []
        lines += chain_lines(derivation, full=self.full.isChecked())
        if self.one.isChecked():
            lines += formula_lines(derivation)
        self.equations.show_lines(lines)

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again."""
        super().showEvent(event)
        self._renew()

    def hideEvent(self, event: QHideEvent) -> None:
        """A question that nobody sees is over."""
        super().hideEvent(event)
        self.question.end()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self._label.setText("∂L/∂")
        self.choice.setAccessibleName(tr("Weight or bias of the derivation"))
        self.full.setText(tr("All digits"))
        self.one.setText(tr("One formula"))
        self.latex.setText(tr("Copy LaTeX"))
        self.text.setText(tr("Copy text"))
        self.equations.setAccessibleName(tr("Chain rule"))
        self.question.retranslate()
        self._write()

    def restyle(self) -> None:
        """The theme has changed."""
        self.equations.update()


def _first(reader: Reader) -> tuple[int, ...]:
    assert reader.found is not None
    return (0,) * len(reader.found.program.parameters[0].shape)
