"""Every value, gradient and parameter of a pass as a table; what is not known yet is blank.

Nothing is written out before it is looked at, so that networks of many thousand numbers cost nothing more.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from playground.engine.asked import Asked
from playground.engine.asked import Sort as AskedSort
from playground.engine.exact import decimal
from playground.engine.passes import Known
from playground.ui.microscope.covers import COVERED
from playground.ui.microscope.equations import Ink
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.step_words import node_title
from playground.ui.microscope.written import color_of
from playground.ui.projector import number_size
from playground.ui.theme import CONTROL, figure_font, mix, themes
from playground.ui.translation import tr

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()

Sort = Literal["value", "target", "loss", "parameter"]
_SIZE = CONTROL - 1
NAME, PLACE, UNIT, VALUE, GRADIENT, NEW, CHANGE = range(7)
_INKS: tuple[Ink, ...] = ("text", "muted", "muted", "forward", "gradient", "forward", "text")


@dataclass(frozen=True)
class Part:
    """Rows that belong together: a buffer, the right answers, the loss or a parameter."""

    sort: Sort
    name: str
    node: str
    shape: tuple[int, ...]
    first: int


class LedgerModel(QAbstractTableModel):
    """The numbers of the row that the reader looks at."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader
        self._parts: tuple[Part, ...] = ()
        self._starts: list[int] = []
        self._count = 0
        self._program: object = None
        self._before: Known | None = None

    def renew(self) -> None:
        """Show what is known now."""
        found = self._reader.found
        program = found.program if found is not None else None
        self._before = found.known(max(0, self._reader.done - 1)) if found is not None else None
        if program is not self._program:
            self.beginResetModel()
            self._program = program
            self._parts = self._made()
            self._starts = [part.first for part in self._parts]
            self._count = sum(int(np.prod(part.shape)) for part in self._parts)
            self.endResetModel()
        elif self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, CHANGE))

    def _made(self) -> tuple[Part, ...]:
        found = self._reader.found
        if found is None:
            return ()
        program = found.program
        rows: list[tuple[Sort, str, str, tuple[int, ...]]] = [
            ("value", program.input, program.input, (program.widths[program.input],))
        ]
        rows += [("value", one.output, one.node, (program.widths[one.output],)) for one in program.instructions]
        rows.append(("target", "", program.loss_node, (program.widths[program.prediction],)))
        rows.append(("loss", "", program.loss_node, (1,)))
        rows += [("parameter", p.name, p.node, p.shape) for p in program.parameters]
        parts, first = [], 0
        for sort, name, node, shape in rows:
            parts.append(Part(sort, name, node, shape, first))
            first += int(np.prod(shape))
        return tuple(parts)

    # --- one row -----------------------------------------------------------------------------------

    def place(self, row: int) -> tuple[Part, tuple[int, ...]]:
        """Which part a row belongs to, and the index in it."""
        part = self._parts[bisect_right(self._starts, row) - 1]
        inside = row - part.first
        return part, (inside,) if len(part.shape) == 1 else divmod(inside, part.shape[1])

    def number(self, row: int, column: int) -> float | None:
        """A number of the table; None where there is none, or none that is known yet."""
        part, index = self.place(row)
        known = self._reader.known
        return self._number(part, index, column) if _is_known(part, column, known) else None

    def _number(self, part: Part, index: tuple[int, ...], column: int) -> float | None:
        found, row = self._reader.found, self._reader.row
        assert found is not None
        if part.sort == "parameter":
            traced = found.trace.parameters[part.name]
            arrays = {VALUE: traced.value, GRADIENT: traced.gradient, NEW: found.new[part.name]}
            return float(arrays[column][index])
        if column == NEW:
            return None
        if part.sort == "target":
            return float(found.trace.targets[row][index]) if column == VALUE else None
        if part.sort == "loss":
            return found.sample(row, self._reader.symbols).loss if column == VALUE else 1.0 / found.samples
        numbers = (found.trace.values if column == VALUE else found.trace.gradients).get(part.name)
        return None if numbers is None else float(numbers[row, index[0]])

    def asked(self, row: int, column: int) -> Asked | None:
        """Which number of the pass stands in a cell; None for words and for what is given."""
        part, index = self.place(row)
        if part.sort == "target" or (part.sort == "parameter" and column == VALUE):
            return None
        if part.sort == "parameter":
            sorts: dict[int, AskedSort] = {GRADIENT: "gradient", NEW: "new"}
            return Asked(sorts[column], (part.name, index)) if column in sorts else None
        if part.sort == "loss":
            sorts = {VALUE: "loss", GRADIENT: "share"}
            return Asked(sorts[column]) if column in sorts else None
        sorts = {VALUE: "value", GRADIENT: "arriving"}
        return Asked(sorts[column], (part.name, index[0])) if column in sorts else None

    def hides(self, row: int, column: int) -> bool:
        """Whether a number is covered, since it is asked for."""
        hidden = self._reader.asking.hidden
        return bool(hidden) and self.asked(row, column) in hidden

    def changed(self, row: int, column: int) -> bool:
        """Whether the last step has brought that number."""
        part, _ = self.place(row)
        if self._before is None or not self._reader.done or self.number(row, column) is None:
            return False
        return not _is_known(part, column, self._before)

    def parts_changed(self) -> list[Part]:
        """The parts of which the last step has brought numbers."""
        return [
            part for part in self._parts if any(self.changed(part.first, column) for column in (VALUE, GRADIENT, NEW))
        ]

    def _symbol(self, part: Part, index: tuple[int, ...]) -> str:
        symbols = self._reader.symbols
        if part.sort == "parameter":
            return symbols.parameter(part.name, index).text
        if part.sort == "target":
            return symbols.target(index[0]).text
        return "L" if part.sort == "loss" else symbols.value(part.name, index[0]).text

    def _change(self, row: int) -> str:
        words = {VALUE: tr("value"), GRADIENT: tr("gradient"), NEW: tr("new value")}
        return ", ".join(word for column, word in words.items() if self.changed(row, column))

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        part, index = self.place(row)
        if column == NAME:
            return self._symbol(part, index)
        if column == PLACE:
            name = node_title(self._reader, part.node)
            role = {"weight": tr("weight"), "bias": tr("bias")}.get(part.name.rpartition(".")[2], "")
            return f"{name}, {role}" if part.sort == "parameter" and role else name
        if column == UNIT:
            return "" if part.sort == "loss" else ", ".join(str(place + 1) for place in index)
        if column == CHANGE:
            return self._change(row)
        number = self.number(row, column)
        return "" if number is None else COVERED if self.hides(row, column) else decimal(number)

    # --- what Qt asks ------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """All numbers."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """The columns."""
        return 0 if parent.isValid() else CHANGE + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """What the columns are."""
        if orientation != Qt.Orientation.Horizontal or role != Role.DisplayRole:
            return None
        return (
            tr("name"), tr("where"), tr("unit"), tr("value"), tr("gradient"), tr("new value"), tr("last step"),
        )[section]  # fmt: skip

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell; what is edited, and copied, is a plain number for a spreadsheet."""
        row, column = index.row(), index.column()
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            text = self.text(row, column)
            return tr("covered") if text == COVERED and role == Role.AccessibleTextRole else text
        if role == Role.EditRole:
            number = self.number(row, column) if VALUE <= column <= NEW else None
            words = column < VALUE or column == CHANGE or (number is not None and self.hides(row, column))
            return self.text(row, column) if words else _plain(number)
        if role == Role.FontRole:
            return figure_font(number_size(_SIZE), bold=column == NAME or self._marked(row, column))
        if role == Role.ForegroundRole:
            return color_of(_INKS[column], themes.current())
        if role == Role.BackgroundRole and self._marked(row, column):
            theme = themes.current()
            return mix(theme.surface, theme.gradient if column == GRADIENT else theme.forward, 0.12)
        return None

    def _marked(self, row: int, column: int) -> bool:
        return VALUE <= column <= NEW and self.changed(row, column)


def _is_known(part: Part, column: int, known: Known) -> bool:
    """Whether a reader has seen the numbers of a part."""
    if part.sort == "parameter":
        return {VALUE: True, GRADIENT: part.name in known.parameters, NEW: known.updated}[column]
    if part.sort == "target":
        return column == VALUE
    if part.sort == "loss":
        return known.loss if column == VALUE else part.node in known.passed
    return part.name in (known.values if column == VALUE else known.gradients)


def _plain(number: float | None) -> str:
    """A number that is read back as the very same one."""
    if number is None:
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
