"""A form built from the catalog's fields: the inspector of a node, and the settings of training and data.

It shows values and tells of changes; it keeps none. Whoever owns the document applies `changed` and calls
`set_values` with what came of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from playground.document.fields import Field
from playground.ui.theme import CAPTION, GRID, font, themes
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.choice import Choice, FeatureList
from playground.ui.widgets.number_field import NumberField
from playground.ui.widgets.switch import Switch


class SwitchField(Switch):
    """A yes or no of a catalog field. `value_changed` carries it, only when the user switched."""

    value_changed = Signal(object)

    def __init__(self, field: Field, *, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._field = field
        self.clicked.connect(lambda checked: self.value_changed.emit(bool(checked)))
        language_changed.connect(self.retranslate)
        self.retranslate()
        self.set_value(field.default)

    def value(self) -> bool:
        """Whether it is on."""
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        """Show a state that came from elsewhere, without a signal."""
        self.setChecked(bool(value))

    def retranslate(self) -> None:
        """Say the name in the language of the window."""
        self.setAccessibleName(tr(self._field.label))
        self.setAccessibleDescription(tr(self._field.help))
        self.setToolTip(tr(self._field.help))


Editor = NumberField | Choice | FeatureList | SwitchField


def editor_for(field: Field) -> Editor:
    """The control in which a field is edited."""
    if field.type == "bool":
        return SwitchField(field)
    if field.type == "choice":
        return Choice(field)
    if field.type == "features":
        return FeatureList(field)
    return NumberField(field)


class _Row:
    """The label of a field, its control, and under both the reason why a text was not taken."""

    def __init__(self, field: Field, grid: QGridLayout, line: int) -> None:
        self.field = field
        self.editor = editor_for(field)
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setBuddy(self.editor)
        self.reason = QLabel()
        self.reason.setFont(font(CAPTION))
        self.reason.setWordWrap(True)
        self.reason.hide()
        tall = isinstance(self.editor, FeatureList)
        grid.addWidget(self.label, line, 0, Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter)
        side = Qt.AlignmentFlag.AlignRight if isinstance(self.editor, SwitchField) else Qt.AlignmentFlag(0)
        grid.addWidget(self.editor, line, 1, side)
        grid.addWidget(self.reason, line + 1, 0, 1, 2)
        if isinstance(self.editor, (NumberField, FeatureList)):
            self.editor.problem_changed.connect(self.say)

    def widgets(self) -> tuple[QWidget, ...]:
        return (self.label, self.editor, self.reason)

    def say(self, reason: str) -> None:
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))


class FieldForm(QWidget):
    """One row for each field. `changed(key, value)` tells of a committed good value that the user gave."""

    changed = Signal(str, object)

    def __init__(self, fields: Iterable[Field], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * GRID)
        grid.setVerticalSpacing(2 * GRID)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, 96)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._rows: dict[str, _Row] = {}
        for field in fields:
            row = _Row(field, grid, 2 * len(self._rows))
            row.editor.value_changed.connect(lambda value, key=field.key: self.changed.emit(key, value))
            self._rows[field.key] = row
        language_changed.connect(self.retranslate)
        themes.changed.connect(self._colour)
        self.retranslate()
        self._colour()

    def keys(self) -> tuple[str, ...]:
        """The fields of the form, in order."""
        return tuple(self._rows)

    def editor(self, key: str) -> Editor:
        """The control of one field; raises KeyError."""
        return self._rows[key].editor

    def reason(self, key: str) -> str:
        """The sentence that stands under one field now."""
        return self._rows[key].reason.text()

    def values(self) -> dict[str, Any]:
        """The last good value of each field."""
        return {key: row.editor.value() for key, row in self._rows.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values without a signal; a field that is missing shows its default."""
        for key, row in self._rows.items():
            row.editor.set_value(values.get(key, row.field.default))

    def set_available(self, key: str, names: Iterable[str]) -> None:
        """The names from which a field of features chooses."""
        editor = self._rows[key].editor
        if isinstance(editor, FeatureList):
            editor.set_available(names)

    def show_only(self, keys: Iterable[str]) -> None:
        """Hide the fields that do not apply (momentum with Adam, say)."""
        wanted = set(keys)
        for key, row in self._rows.items():
            for widget in row.widgets():
                widget.setVisible(key in wanted and (widget is not row.reason or bool(row.reason.text())))

    def retranslate(self) -> None:
        """Say all labels in the language of the window."""
        for row in self._rows.values():
            row.label.setText(tr(row.field.label))
            row.label.setToolTip(tr(row.field.help))
            if isinstance(row.editor, NumberField):
                row.say(row.editor.problem())

    def _colour(self) -> None:
        for row in self._rows.values():
            colors = row.reason.palette()
            colors.setColor(QPalette.ColorRole.WindowText, themes.current().error)
            row.reason.setPalette(colors)
