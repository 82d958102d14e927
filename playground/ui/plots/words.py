"""Names of columns and classes as both plots say them."""

from __future__ import annotations

import re

from playground.data.table import Table
from playground.messages import Message, message
from playground.ui.translation import feature_text, tr

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_KNOWN_CLASSES: dict[str, Message] = {"ham": message("ham"), "spam": message("spam")}


def column_text(column: str) -> str:
    """A column's short name: x1 as x₁, and of the mail counts only what is counted."""
    numbered = re.fullmatch(r"([A-Za-z])(\d+)", column)
    if numbered:
        return numbered[1] + numbered[2].translate(_SUBSCRIPTS)
    for prefix in ("word_freq_", "char_freq_"):
        if column.startswith(prefix):
            return f"“{column.removeprefix(prefix)}”"
    return feature_text(column).replace("_", " ")


def axis_text(table: Table, place: int) -> str:
    """What a column means, for the name of an axis."""
    return tr(table.axes[place]) if table.axes else column_text(table.columns[place])


def class_text(table: Table, index: int) -> str:
    """The name of a class, translated where it is one of ours."""
    name = table.classes[index]
    return tr(_KNOWN_CLASSES[name]) if name in _KNOWN_CLASSES else name
