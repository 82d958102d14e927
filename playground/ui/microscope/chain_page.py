"""The chain rule for one chosen weight or bias, written out; *One formula* beside it; *Ask me* and *Nudge*."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.derivation import Derivation, derive
from playground.engine.details import LOSS, slope_symbol
from playground.engine.exact import exact
from playground.engine.formulas import Number
from playground.engine.nudge import DELTA
from playground.engine.passes import Pass
from playground.engine.symbols import Place, Symbols
from playground.ui.microscope.chain_lines import brief, chain_lines, formula_lines, nudge_lines, unfolded_lines
from playground.ui.microscope.chain_turns import ChainCourse, ChainTurn
from playground.ui.microscope.equation_view import EquationView
from playground.ui.microscope.math_sheet import MathLine
from playground.ui.microscope.page import Page
from playground.ui.microscope.reader import Reader
from playground.ui.theme import GRID
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip
from playground.ui.widgets.choice import DropDown
from playground.ui.widgets.switch import Switch

#: Numbers, or units, that are offered by name; of more the numbers are chosen on the canvas or in the ledger.
MOST_OFFERED = 400
#: The width of what unfolds, and the page's from which on it stands beside the other controls.
_UNFOLD, _WIDE = 170, 720


class ChainPage(Page):
    """What is shown follows the reader's target; without one the first weight is taken.

    `unfold` chooses one unit whose sum is written out where the derivation is one of whole layers.
    """

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._derivation: Derivation | None = None
        self._of: tuple[Pass | None, Symbols | None, int, Number | None] = (None, None, 0, None)
        self._numbers: list[Number] = []
        self._offered: object = None
        self._units: list[Place] = []
        self._formula: tuple[MathLine, ...] | None = None
        self._nudged = False
        self.choice, self.unfold = DropDown(), DropDown()
        self.full, self.one = Switch(size="small"), Switch(size="small")
        self.latex, self.text = Chip(), Chip()
        self.equations = EquationView(reader.typesetter)
        self._course = ChainCourse(lambda: self._derivation, reader.show_row)
        self._label = QLabel()
        self._lay_out()
        self.choice.activated.connect(lambda place: reader.choose(*self._numbers[place]))
        self.unfold.activated.connect(lambda place: self._write(reveal="unfolded" if place else None))
        self.full.toggled.connect(self._write)
        self.one.toggled.connect(lambda on: self._write(reveal="formula" if on else None))
        self.latex.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.equations.latex()))
        self.text.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.equations.text()))
        reader.asking.changed.connect(self._write)
        for signal in (reader.pass_changed, reader.moved, reader.target_changed):
            signal.connect(self._renew)
        self.retranslate()

    def _lay_out(self) -> None:
        self._above, self._below = QHBoxLayout(), QHBoxLayout()
        self._above.setSpacing(2 * GRID)
        self._above.addWidget(self._label)
        self._above.addWidget(self.choice)
        self._above.addStretch(1)
        controls: tuple[QWidget, ...] = (self.one, self.full, self.text, self.latex)
        for control in controls:
            self._above.addWidget(control)
        self._below.addStretch(1)
        # It takes what is left, and does not keep the drawer from getting narrow.
        self.unfold.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.unfold.setMaximumWidth(_UNFOLD)
        self.unfold.hide()
        self._below.insertWidget(0, self.unfold, 9)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(self._above)
        column.addLayout(self._below)
        column.addWidget(self.equations, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the other controls, what unfolds stands below them."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        row, other = (self._above, self._below) if wide else (self._below, self._above)
        if row.indexOf(self.unfold) < 0:
            other.removeWidget(self.unfold)
            row.insertWidget(2 if wide else 0, self.unfold, 9)

    # --- what is asked for from outside ------------------------------------------------------------

    def ask(self) -> None:
        """Cover a factor, and ask what it is."""
        self._nudged = False
        self.one.setChecked(False)
        if self._derivation is not None:
            self._reader.asking.begin(self._course)

    def nudge(self) -> None:
        """Move the chosen number a little, and show what it does; again: no more."""
        self._end_question()
        self._nudged = not self._nudged
        self._write(reveal="nudge")

    # --- keeping up --------------------------------------------------------------------------------

    def _renew(self) -> None:
        """Another pass, row or number; where the play head stands makes no difference."""
        if not self.isVisible():
            return
        reader = self._reader
        symbols = reader.symbols if reader.found is not None else None
        of = (reader.found, symbols, reader.row, reader.target)
        if all(one is other for one, other in zip(of[:2], self._of[:2], strict=True)) and of[2:] == self._of[2:]:
            return
        self._of, self._formula = of, None
        before, self._derivation = self._derivation, self._derive()
        if before is None or self._derivation is None or before.number != self._derivation.number:
            self._nudged = False
        self._offer()
        if self._asks() and not (before and self._derivation and before.number == self._derivation.number):
            self._end_question()
        elif self._asks():
            self._reader.asking.again()
        self._write()

    def _asks(self) -> bool:
        """Whether the question that is open is about the derivation."""
        return self._reader.asking.course is self._course

    def _end_question(self) -> None:
        if self._asks():
            self._reader.asking.end()

    def _derive(self) -> Derivation | None:
        reader = self._reader
        if reader.found is None or not reader.found.program.parameters:
            return None
        first = reader.found.program.parameters[0]
        number = reader.target or (first.name, (0,) * len(first.shape))
        try:
            return derive(reader.found, *number, reader.row, reader.symbols)
        except (KeyError, IndexError):
            return None

    def _offer(self) -> None:
        """The numbers by their names, and the units that can be unfolded."""
        derivation = self._derivation
        self._label.setVisible(derivation is not None)
        self.choice.setVisible(derivation is not None)
        self.unfold.setVisible(derivation is not None and derivation.count > 0 and not derivation.paths)
        if derivation is None:
            return
        program, symbols = derivation.done.program, derivation.sample.symbols
        unfolds = self.unfold.isVisibleTo(self)
        offered = (symbols, derivation.number, unfolds)
        if offered == self._offered:
            return
        self._offered = offered
        numbers: list[Number] = []
        if program.size <= MOST_OFFERED:
            numbers = [(one.name, index) for one in program.parameters for index in np.ndindex(*one.shape)]
        if derivation.number not in numbers:
            numbers.append(derivation.number)
        _fill(self.choice, [symbols.parameter(*number).text for number in numbers], numbers.index(derivation.number))
        self._numbers = numbers
        if not unfolds:
            return
        kept = self._unfolded()
        nodes = [one.output for one in reversed(program.instructions) if one.output in derivation.behind]
        self._units = [(node, unit) for node in nodes for unit in range(program.widths[node])][:MOST_OFFERED]
        names = [slope_symbol(LOSS, symbols.value(*unit)).text for unit in self._units]
        _fill(self.unfold, [tr("Unfold …"), *names], self._units.index(kept) + 1 if kept in self._units else 0)

    def _unfolded(self) -> Place | None:
        place = self.unfold.currentIndex()
        return self._units[place - 1] if 0 < place <= len(self._units) else None

    def _write(self, _on: object = None, *, reveal: str | None = None) -> None:
        derivation = self._derivation
        self.one.setEnabled(not self._asks())
        if derivation is None:
            words = tr("Press Step, or click a data point: the chain rule is written here.")
            self.equations.show_lines((MathLine("", words, "muted", 0.68),))
            return
        if not self.isVisible():
            return
        full = self.full.isChecked()
        turn = self._reader.asking.turn
        if self._asks() and isinstance(turn, ChainTurn):
            covered = self._reader.asking.covered
            self.equations.show_lines((turn.line(exact if full else brief, covered=covered),), 0)
            return
        parts: dict[str, tuple[MathLine, ...]] = {"nudge": nudge_lines(derivation, DELTA) if self._nudged else ()}
        parts["chain"] = chain_lines(derivation, full=full)
        unit = self._unfolded() if self.unfold.isVisible() else None
        parts["unfolded"] = unfolded_lines(derivation, unit) if unit is not None else ()
        parts["formula"] = self._one_formula(derivation) if self.one.isChecked() else ()
        lines: list[MathLine] = []
        places = {}
        for key, part in parts.items():
            places[key] = len(lines)
            lines += part
        self.equations.show_lines(lines, None if reveal is None else places[reveal])

    def _one_formula(self, derivation: Derivation) -> tuple[MathLine, ...]:
        """Worked out once for these numbers, since it is long."""
        if self._formula is None:
            self._formula = formula_lines(derivation)
        return self._formula

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again."""
        super().showEvent(event)
        self._renew()

    def hideEvent(self, event: QHideEvent) -> None:
        """A question that nobody sees is over; what was missed is looked at again."""
        super().hideEvent(event)
        self._of = (None, None, 0, None)
        self._end_question()

    def keyboard(self) -> QWidget | None:
        """The lines."""
        return self.equations if self.equations.isVisible() else None

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self._label.setText("∂L/∂")
        self.choice.setAccessibleName(tr("Weight or bias of the derivation"))
        self.unfold.setAccessibleName(tr("Unit whose sum is written out"))
        self.full.setText(tr("All digits"))
        self.one.setText(tr("One formula"))
        self.latex.setText(tr("Copy LaTeX"))
        self.text.setText(tr("Copy text"))
        self.equations.setAccessibleName(tr("Chain rule"))
        self._formula = None
        if self.unfold.count():
            self.unfold.setItemText(0, tr("Unfold …"))
        self._write()

    def restyle(self) -> None:
        """The theme has changed."""
        self.equations.update()


def _fill(down: DropDown, texts: list[str], current: int) -> None:
    """Offer these, where they are not offered already."""
    if texts != [down.itemText(place) for place in range(down.count())]:
        down.clear()
        down.addItems(texts)
    down.setCurrentIndex(current)
