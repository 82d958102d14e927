"""A field for one number that no locale can misread: "0.05" and "0,05" are both 0.05, "1e-4" is 0.0001.

The range, the default and the sentence that says what is wrong come from a `Field` of the catalog. What is typed counts
when it is committed (Enter, or leaving the field); a bad text stays, marked, with its reason, and Escape brings the
last good number back. Up and Down and the wheel step: rates by 1, 3, 10, …, counts and shares evenly.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from playground.document.fields import Field, fit
from playground.messages import Message, UserError
from playground.ui.icons import draw_icon
from playground.ui.theme import themes
from playground.ui.translation import NO_FIGURE, language_changed, number_text, tr
from playground.ui.widgets.painting import painter_on

Number = int | float
Stepping = Literal["times", "shares", "counts", "ones"]

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
_SHARE = 0.05
_NOTCH = 120


def read_number(text: str, *, whole: bool = False) -> Number | None:
    """The number that a person meant, or None; a comma is a decimal point, in a `whole` number it groups thousands.

    Full-width digits of a Korean keyboard and the typographic minus are understood; "nan" and "inf" are not numbers.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace(" ", "")
    if whole and _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _DECIMAL.fullmatch(plain):
        return None
    if whole and re.fullmatch(r"[+-]?\d+", plain):
        return int(plain)
    number = float(plain.replace(",", "."))
    return number if math.isfinite(number) else None


def stepping_of(field: Field) -> Stepping:
    """How a field steps: rates by factors, shares by 0.05, counts by a tenth of their size, seeds by one."""
    if field.type == "int":
        return "counts" if field.minimum is not None and field.minimum >= 1 else "ones"
    shares = field.maximum is not None and field.maximum <= 1.0
    return "shares" if shares or (not field.above and field.default) else "times"


def stepped(field: Field, value: Number | None, up: bool) -> Number | None:
    """The next value up or down that the field takes; the same one at the end of its range."""
    if value is None:
        return field.default if field.default is not None else 0.1
    way = stepping_of(field)
    if way == "times":
        return _within(field, _next_rate(float(value), up, zero=not field.above), value)
    if way == "shares":
        count = math.floor(value / _SHARE + 1e-9) + 1 if up else math.ceil(value / _SHARE - 1e-9) - 1
        return _within(field, round(count * _SHARE, 10), value)
    step = 1
    if way == "counts" and value >= 20:
        size = value if up else value - 1
        step = max(1, 10 ** (len(str(int(size))) - 2))
    number = (int(value) // step + 1) * step if up else -(-int(value) // step) * step - step
    return _within(field, number, value)


def _next_rate(value: float, up: bool, *, zero: bool) -> float:
    """The next of … 0.01, 0.03, 0.1, 0.3 …; below the smallest lies 0 where the field takes it."""
    smallest = 1e-4 if zero else 1e-6
    if up:
        if value < smallest:
            return smallest
        power = math.floor(math.log10(value) + 1e-9)
        higher = (float(f"3e{power}"), float(f"1e{power + 1}"))
        return next(rung for rung in higher if rung > value * (1.0 + 1e-9))
    if value <= smallest:
        return 0.0 if zero else value
    power = math.floor(math.log10(value) + 1e-9)
    lower = (float(f"3e{power}"), float(f"1e{power}"), float(f"3e{power - 1}"))
    return next(rung for rung in lower if rung < value * (1.0 - 1e-9))


def _within(field: Field, number: Number, otherwise: Number) -> Number:
    """`number` where the field takes it, else the end of the range that lies between, else the old value."""
    for candidate in (number, field.maximum if number > otherwise else field.minimum):
        if candidate is None:
            continue
        try:
            fitted: Number = fit(field, candidate)
        except UserError:
            continue
        return fitted
    return otherwise


class NumberField(QLineEdit):
    """One number of a catalog field. `value_changed` carries a committed good value, `problem_changed` the reason."""

    value_changed = Signal(object)
    problem_changed = Signal(str)

    def __init__(self, field: Field, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._value: Number | None = field.default
        self._problem: Message | None = None
        self._composing = False
        self._turned = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.editingFinished.connect(self.commit)
        self.textEdited.connect(lambda _text: self._set_problem(None))
        language_changed.connect(self.retranslate)
        self.retranslate()
        self._show()

    def field(self) -> Field:
        """The description of what is typed here."""
        return self._field

    def value(self) -> Number | None:
        """The last good value; None only where the field is optional."""
        return self._value

    def set_value(self, value: Number | None) -> None:
        """Show a value that came from elsewhere: no signal, and whatever was being typed is gone."""
        if value != self._value or self.problem() or not self.hasFocus():
            self._value = value
            self._set_problem(None)
            self._show()

    def problem(self) -> str:
        """Why the text is not taken, in one sentence; empty where it is."""
        return tr(self._problem) if self._problem is not None else ""

    def commit(self) -> None:
        """Take what stands in the field, or say why not."""
        try:
            value = self._read()
        except UserError as error:
            self._set_problem(error.message)
            return
        self._set_problem(None)
        self._take(value)

    def retranslate(self) -> None:
        """Say name, help and reason in the language of the window."""
        self.setAccessibleName(tr(self._field.label))
        if self._field.optional:
            self.setPlaceholderText(NO_FIGURE)
        self._describe()

    def sizeHint(self) -> QSize:
        """The room that everything it shows needs."""
        return QSize(96, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It never gets smaller."""
        return QSize(56, super().minimumSizeHint().height())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Know whether a syllable is being composed."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys of this control."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and not self._composing and not self.isReadOnly():
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._step(event.key() == Qt.Key.Key_Up)
                return
            if event.key() == Qt.Key.Key_Escape and (self._problem is not None or self.text() != self._text()):
                self._set_problem(None)
                self._show()
                self.selectAll()
                return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the value, but only where the focus is."""
        if not self.hasFocus() or self.isReadOnly():
            event.ignore()
            return
        self._turned += event.angleDelta().y()
        while abs(self._turned) >= _NOTCH:
            self._step(self._turned > 0)
            self._turned -= _NOTCH if self._turned > 0 else -_NOTCH
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        super().paintEvent(event)
        if self._problem is not None:
            painter = painter_on(self)
            mark = QRectF(self.width() - 22.0, self.height() / 2.0 - 7.0, 14.0, 14.0)
            draw_icon(painter, "error", mark, themes.current().error)
            painter.end()

    def _read(self) -> Number | None:
        text = self.text().strip()
        if not text and self._field.optional:
            return None
        whole = self._field.type == "int"
        number = read_number(text, whole=whole)
        if number is None:
            shown = text if len(text) <= 20 else text[:19] + "…"
            if not text:
                raise UserError("Write a number here, such as {example}.", example=self._example())
            raise UserError(
                "“{text}” is not a number. Write one such as {example}.", text=shown, example=self._example()
            )
        fitted: Number | None = fit(self._field, number)
        return fitted

    def _example(self) -> str:
        known = (self._value, self._field.default, self._field.minimum, 1)
        return number_text(next(value for value in known if value is not None))

    def _step(self, up: bool) -> None:
        try:
            here = self._read()
        except UserError:
            here = self._value
        self._set_problem(None)
        self._take(stepped(self._field, here, up))
        self.selectAll()

    def _take(self, value: Number | None) -> None:
        changed = value != self._value
        self._value = value
        self._show()
        if changed:
            self.value_changed.emit(value)

    def _text(self) -> str:
        return "" if self._value is None else number_text(self._value)

    def _show(self) -> None:
        if self.text() != self._text():
            self.setText(self._text())

    def _set_problem(self, problem: Message | None) -> None:
        if problem == self._problem:
            return
        self._problem = problem
        self.setProperty("invalid", problem is not None)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setTextMargins(0, 0, 18 if problem is not None else 0, 0)
        self._describe()
        self.update()
        self.problem_changed.emit(self.problem())

    def _describe(self) -> None:
        words = self.problem() or tr(self._field.help)
        self.setAccessibleDescription(words)
        self.setToolTip(words)
