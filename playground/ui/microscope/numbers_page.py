"""Calculating by hand: type the numbers of the row and of the weights oneself, and compare what comes out with paper.

A row that the document holds (a table) is changed in the document, a weight in the network; each is one undo step.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.document.fields import Field
from playground.document.model import Document
from playground.engine.derivation import derive
from playground.engine.derivation_text import gradient_symbol
from playground.engine.exact import exact, in_latex
from playground.engine.formulas import Number
from playground.messages import message
from playground.ui.hand import LARGEST
from playground.ui.microscope.equation_view import EquationView
from playground.ui.microscope.math_sheet import MARGIN, SIZE, MathLine
from playground.ui.microscope.page import Page
from playground.ui.microscope.reader import Reader
from playground.ui.projector import number_size, projector, row_height, word_size
from playground.ui.theme import CONTROL, GRID, figure_font, font
from playground.ui.translation import tr
from playground.ui.widgets.number_field import NumberField

#: More numbers than these are not typed by hand.
MOST = 12


class NumbersPage(Page):
    """Fields for what is given and for what is to be found, and beside them what follows from both."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._names: tuple[str, ...] = ()
        self.fields: dict[str, NumberField] = {}
        self._labels: list[QLabel] = []
        self.note = QLabel()
        self.note.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(2 * GRID)
        left = QVBoxLayout()
        left.addWidget(self.note)
        left.addLayout(self._grid)
        left.addStretch(1)
        self.results, self.gradients = EquationView(reader.typesetter), EquationView(reader.typesetter)
        self._found: tuple[MathLine, ...] = ()
        self._left = left
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * GRID)
        row.addLayout(left, 1)
        row.addWidget(self.results, 1)
        row.addWidget(self.gradients, 1)
        self.gradients.hide()
        for signal in (reader.pass_changed, reader.moved):
            signal.connect(self._renew)
        projector.changed.connect(self._resize_type)
        self._resize_type()
        self.retranslate()

    # --- what there is to type ---------------------------------------------------------------------

    def _given(self) -> dict[str, float]:
        """The columns of the shown row, by name; none where the document does not hold its rows."""
        at = self._place()
        document = self._reader.session.document
        if at is None:
            return {}
        columns = document.data.columns
        return {name: float(value) for name, value in zip(columns, document.data.rows[at], strict=True)}

    def _place(self) -> int | None:
        """Which row of the document is shown."""
        reader = self._reader
        plan, row, data = reader.plan, reader.shown_row, reader.session.document.data
        if plan is None or row is None or not data.rows or row >= len(plan.dataset.train):
            return None
        at = int(plan.dataset.train[row])
        numeric = at < len(data.rows) and all(isinstance(value, (int, float)) for value in data.rows[at])
        return at if numeric and len(data.rows[at]) <= MOST else None

    def _numbers(self) -> dict[str, Number]:
        """The weights and biases by their symbols."""
        found = self._reader.found
        if found is None or found.program.size > MOST:
            return {}
        symbols = self._reader.symbols
        numbers = [(one.name, index) for one in found.program.parameters for index in np.ndindex(*one.shape)]
        return {symbols.parameter(*number).text: number for number in numbers}

    def _renew(self) -> None:
        if not self.isVisible():
            return
        given, numbers, found = self._given(), self._numbers(), self._reader.found
        names = (*given, *numbers)
        if names != self._names:
            self._make(names, len(given))
        for name, value in given.items():
            self.fields[name].set_value(value)
        for name, (parameter, index) in numbers.items():
            if found is not None:
                self.fields[name].set_value(float(found.trace.parameters[parameter].value[index]))
        self.note.setText(self._words(given, numbers))
        self._found = self._lines(numbers)
        self._divide()

    def _divide(self) -> None:
        """Gradients beside the values where both columns have the room, else below them."""
        behind = tuple(line for line in self._found if line.ink == "gradient")
        before = self._found[: len(self._found) - len(behind)]
        # Plain text is longer than the line will be.
        metrics = QFontMetrics(figure_font(number_size(SIZE), bold=False))
        widest = max((metrics.horizontalAdvance(line.text) for line in self._found), default=0) + 2 * MARGIN
        beside = bool(behind) and self.width() >= 3 * max(widest, self._left.minimumSize().width()) + 6 * GRID
        # Where there are none, the words have the room.
        self.results.setVisible(bool(self._found))
        self.gradients.setVisible(beside)
        self.results.show_lines(before if beside else self._found)
        self.gradients.show_lines(behind if beside else ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two."""
        super().resizeEvent(event)
        self._divide()

    def _words(self, given: dict[str, float], numbers: dict[str, Number]) -> str:
        if given and numbers:
            return tr("Type your own numbers, calculate on paper, and compare.")
        if numbers:
            return tr("The weights can be typed here; the rows of these data are made by the program.")
        return tr("This network has too many numbers to be typed here: click a weight on the canvas.")

    def _make(self, names: tuple[str, ...], given: int) -> None:
        """A field for each, those that are given in the first column and those to be found in the second."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._names, self.fields, self._labels = names, {}, []
        for place, name in enumerate(names):
            field = NumberField(Field(name, message("{name}", name=name), "float", 0.0, -LARGEST, LARGEST))
            field.value_changed.connect(lambda value, name=name: self._typed(name, float(value)))
            row, column = (place, 0) if place < given else (place - given, 2)
            label = QLabel(name)
            self._grid.addWidget(label, row, column)
            self._grid.addWidget(field, row, column + 1)
            self.fields[name] = field
            self._labels.append(label)
        self._resize_type()

    def _resize_type(self, _on: object = None) -> None:
        """As large as numbers are now."""
        for one in (*self._labels, *self.fields.values()):
            one.setFont(figure_font(number_size(CONTROL), bold=False))
            one.setMinimumHeight(row_height(0))
        # Where there is something to type, it needs the room.
        self.note.setVisible(not (projector.on and self.fields))
        self.note.setFont(font(word_size(CONTROL)))
        self._divide()

    # --- what follows from it ----------------------------------------------------------------------

    def _typed(self, name: str, value: float) -> None:
        number = self._numbers().get(name)
        session, at = self._reader.session, self._place()
        if number is not None:
            session.set_parameter(*number, value)
        elif at is not None:
            column = session.document.data.columns.index(name)

            def edit(document: Document) -> Document:
                data = document.data
                changed = (*data.rows[at][:column], value, *data.rows[at][column + 1 :])
                return replace(document, data=replace(data, rows=(*data.rows[:at], changed, *data.rows[at + 1 :])))

            session.edit(message("set {name} of row {row} to {value}", name=name, row=at + 1, value=f"{value:g}"), edit)

    def _lines(self, numbers: dict[str, Number]) -> tuple[MathLine, ...]:
        """Every value, the loss, and every gradient, in full."""
        found, reader = self._reader.found, self._reader
        if found is None or not numbers:
            return ()
        symbols, sample, lines = reader.symbols, found.sample(reader.row, reader.symbols), []
        for one in found.program.instructions:
            for unit in range(found.program.widths[one.output]):
                symbol, value = symbols.value(one.output, unit), exact(sample.value((one.output, unit)))
                text = f"{symbol.text} = {value}"
                lines.append(MathLine(f"{symbol.latex} = {in_latex(value)}", text, "forward", 0.85))
        loss = exact(sample.loss)
        lines.append(MathLine(f"L = {in_latex(loss)}", f"L = {loss}", "text", 0.85))
        for number in numbers.values():
            derivation = derive(found, *number, reader.row, symbols)
            symbol, value = gradient_symbol(derivation), exact(derivation.value)
            text = f"{symbol.text} = {value}"
            lines.append(MathLine(f"{symbol.latex} = {in_latex(value)}", text, "gradient", 0.85))
        return tuple(lines)

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again."""
        super().showEvent(event)
        self._renew()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        for view in (self.results, self.gradients):
            view.setAccessibleName(tr("What follows from these numbers"))
        self._renew()

    def restyle(self) -> None:
        """The theme has changed."""
