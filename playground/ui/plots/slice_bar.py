"""Which two of many columns the picture shows, and at what the others are held."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from playground.data.table import Table
from playground.document.fields import Field
from playground.messages import Message, message
from playground.ui.plots.words import column_text
from playground.ui.theme import caption_font
from playground.ui.translation import tr
from playground.ui.widgets.choice import Choice
from playground.ui.widgets.number_field import NumberField

_HELD = Field(
    "held",
    message("Other columns"),
    "choice",
    "mean",
    choices=(("mean", message("their mean")), ("row", message("row number"))),
    help=message("Where the columns that the picture does not show are held."),
)
_MAIL = Field(
    "held",
    message("Other columns"),
    "choice",
    "mean",
    choices=(("mean", message("their mean")), ("row", message("mail number"))),
    help=message("Where the columns that the picture does not show are held."),
)


def most_telling(table: Table) -> tuple[str, str]:
    """The two columns that go most with the target (largest |correlation|), in the table's order."""
    centred = table.features - table.features.mean(axis=0)
    target = table.targets - table.targets.mean()
    # Not `linalg.norm`, which takes several copies of a large table.
    lengths = np.sqrt(np.einsum("ij,ij->j", centred, centred)) * np.linalg.norm(target)
    together = np.divide(np.abs(centred.T @ target), lengths, out=np.zeros(len(lengths)), where=lengths > 0)
    first, second = sorted(np.argsort(-together, kind="stable")[:2].tolist())
    return table.columns[first], table.columns[second]


class SliceBar(QWidget):
    """Hidden where a table has no more than two columns. `changed` tells that the user chose another slice."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._words = [QLabel() for _ in range(3)]
        for label in self._words:
            label.setFont(caption_font())
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        for column, label in ((0, self._words[0]), (2, self._words[1])):
            self._grid.addWidget(label, 0, column)
        for column in (1, 3):
            self._grid.setColumnStretch(column, 1)
        self.across: Choice | None = None
        self.up: Choice | None = None
        self.held_choice: Choice | None = None
        self.row_field: NumberField | None = None
        self._holder = QHBoxLayout()
        self._holder.setSpacing(6)
        self._holder.addWidget(self._words[2])
        self._grid.addLayout(self._holder, 1, 0, 1, 4)
        self.hide()
        self.retranslate()

    def columns(self) -> tuple[str, str] | None:
        """The columns along both axes; None where there is nothing to choose."""
        if self.across is None or self.up is None:
            return None
        return self.across.value(), self.up.value()

    def held(self) -> int | None:
        """The row at which the other columns are held; None: their mean."""
        if self.held_choice is None or self.row_field is None or self.held_choice.value() == "mean":
            return None
        return int(self.row_field.value() or 1) - 1

    def offer(self, table: Table) -> None:
        """Offer the columns of a table; a choice already made among the same columns stays."""
        if self._table is not None and self._table.columns == table.columns and self._fits(table):
            self._table = table
            return
        self._table = table
        self._take_away()
        self.setVisible(len(table.columns) > 2)
        if len(table.columns) > 2:
            self._build(table)
            self.retranslate()

    def _fits(self, table: Table) -> bool:
        maximum = self.row_field.field().maximum if self.row_field is not None else None
        return maximum is None or maximum == len(table.features)

    def _take_away(self) -> None:
        for widget in (self.across, self.up, self.held_choice, self.row_field):
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self.across = self.up = self.held_choice = self.row_field = None

    def _build(self, table: Table) -> None:
        columns = tuple((column, Message(column_text(column))) for column in table.columns)
        first, second = most_telling(table)
        self.across = Choice(Field("across", message("Column across"), "choice", first, choices=columns))
        self.up = Choice(Field("up", message("Column up"), "choice", second, choices=columns))
        self._grid.addWidget(self.across, 0, 1)
        self._grid.addWidget(self.up, 0, 3)
        rows = len(table.features)
        mails = table.classes == ("ham", "spam")
        self.held_choice = Choice(_MAIL if mails else _HELD)
        number = message("Mail number") if mails else message("Row number")
        self.row_field = NumberField(Field("row", number, "int", 1, 1, rows))
        self.row_field.hide()
        self._holder.addWidget(self.held_choice, 1)
        self._holder.addWidget(self.row_field, 1)
        self.across.value_changed.connect(self._across_chosen)
        self.up.value_changed.connect(self._up_chosen)
        self.held_choice.value_changed.connect(self._held_chosen)
        self.row_field.value_changed.connect(self.changed)

    def _across_chosen(self, column: str) -> None:
        self._keep_apart(self.up, column)

    def _up_chosen(self, column: str) -> None:
        self._keep_apart(self.across, column)

    def _keep_apart(self, other: Choice | None, column: str) -> None:
        """One column cannot lie along both axes: the other axis takes the one that was here, or the next."""
        if other is not None and self._table is not None and other.value() == column:
            place = self._table.columns.index(column)
            other.set_value(self._table.columns[(place + 1) % len(self._table.columns)])
        self.changed.emit()

    def _held_chosen(self, held: str) -> None:
        if self.row_field is not None:
            self.row_field.setVisible(held == "row")
        self.changed.emit()

    def retranslate(self) -> None:
        """Say all words in the language of the window."""
        others = len(self._table.columns) - 2 if self._table is not None else 0
        self._words[0].setText(tr("across"))
        self._words[1].setText(tr("up"))
        self._words[2].setText(tr("A slice: the other {count} features at", count=others))
        self.setAccessibleName(tr("Slice"))
