"""One field of a form: what may be typed into it, and the sentence said when something else was.

Node kinds, training and data describe their settings with these; the inspector builds its forms from them and files
are judged by them, so that a range is written down once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from playground.messages import Message, UserError, message

FieldType = Literal["int", "float", "bool", "choice", "features"]

NO_HELP = Message("")


@dataclass(frozen=True)
class Field:
    """A setting with its range.

    Attributes:
        key: its name in files and in the model.
        label: its name on a form.
        type: "int", "float", "bool", "choice" (one of `choices`) or "features" (a tuple of distinct column names).
        default: what a missing key means.
        minimum, maximum: the bounds of a number, included unless `above` or `below` says otherwise; None: no bound.
        above, below: whether the minimum, the maximum itself is excluded.
        choices: the values of a choice in the order of the form, each with its label.
        help: one sentence for the tooltip.
        optional: whether None is a value of its own.
    """

    key: str
    label: Message
    type: FieldType
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, Message], ...] = ()
    help: Message = NO_HELP
    above: bool = False
    below: bool = False
    optional: bool = False

    def choice_label(self, value: object) -> Message:
        """The label of one choice; a value that is none of them is shown as it is."""
        for key, label in self.choices:
            if key == value:
                return label
        return message("{value}", value=value)

    @property
    def range(self) -> Message:
        """What the field takes, in words that follow "must be"."""
        if self.type == "bool":
            return message("true or false")
        if self.type == "choice":
            return message("one of {choices}", choices=", ".join(key for key, _ in self.choices))
        if self.type == "features":
            return message("at least one column name, each once")
        return _number_range(self)


def shown(value: object) -> str:
    """A value as it stands in a sentence: numbers without needless digits, long texts cut short."""
    if isinstance(value, float):
        return f"{value:.10g}"
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _number_range(field: Field) -> Message:
    low, high = shown(field.minimum), shown(field.maximum)
    if field.minimum is None and field.maximum is None:
        return message("a whole number") if field.type == "int" else message("a number")
    if field.maximum is None:
        if field.above:
            return message("a number above {minimum}", minimum=low)
        return message("{minimum} or more", minimum=low)
    if field.minimum is None:
        return message("at most {maximum}", maximum=high)
    if field.type == "int":
        return message("a whole number from {minimum} to {maximum}", minimum=low, maximum=high)
    if field.above:
        return message("above {minimum} and at most {maximum}", minimum=low, maximum=high)
    if field.below:
        return message("at least {minimum} and below {maximum}", minimum=low, maximum=high)
    return message("from {minimum} to {maximum}", minimum=low, maximum=high)


def fit(field: Field, value: Any) -> Any:
    """`value` in the field's own type (4.0 units become 4, a list of features a tuple).

    Raises UserError naming the field, the value and the range. Nothing is clamped: see `nearest`.
    """
    if value is None and field.optional:
        return None
    if field.type == "bool":
        if isinstance(value, bool):
            return value
    elif field.type == "choice":
        if isinstance(value, str) and any(value == key for key, _ in field.choices):
            return value
    elif field.type == "features":
        if _is_features(value):
            return tuple(value)
    else:
        number = _number(field, value)
        if number is not None and _within(field, number):
            return number
    raise UserError("{field} is {value}; it must be {range}.", field=field.label, value=shown(value), range=field.range)


def nearest(field: Field, value: Any) -> Any:
    """A value that fits and is close to the given one: clamped into a closed range, else the default."""
    try:
        return fit(field, value)
    except UserError:
        pass
    number = _number(field, value) if field.type in ("int", "float") else None
    if number is not None and field.minimum is not None and number < field.minimum and not field.above:
        return _number(field, field.minimum)
    if number is not None and field.maximum is not None and number > field.maximum and not field.below:
        return _number(field, field.maximum)
    return field.default


def _is_features(value: Any) -> bool:
    if not isinstance(value, (list, tuple)) or not value:
        return False
    return all(isinstance(name, str) and name for name in value) and len(set(value)) == len(value)


def _number(field: Field, value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if field.type == "int":
        if isinstance(value, float):
            return int(value) if value.is_integer() else None
        return value
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _within(field: Field, number: float) -> bool:
    low, high = field.minimum, field.maximum
    if low is not None and (number < low or (field.above and number == low)):
        return False
    return high is None or not (number > high or (field.below and number == high))
