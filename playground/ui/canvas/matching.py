"""What a few typed words ask for: "dense 8", "8", "tanh", "dropout 0.3", in English and in the window's language.

Korean is compared by its letters, so that a syllable that is still being composed, or initials alone, already narrow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import pairwise

from playground.messages import Message, message
from playground.ui.canvas.placeable import ONCE, Placeable, Row, rows_for
from playground.ui.translation import tr

#: Other words for a row, separated by commas.
_ALSO: Mapping[str, Message] = {
    "dense": message("layer, linear layer, hidden layer, fully connected, units, neurons"),
    "add": message("sum, plus"),
    "multiply": message("times, product, gate"),
    "concat": message("concatenate, join, side by side"),
    "sigmoid": message("logistic, σ"),
    "relu": message("rectifier, rectified"),
    "swish": message("SiLU"),
    "input": message("features, data"),
    "loss": message("error, cost"),
    "linear": message("perceptron, logistic regression"),
    "hidden": message("single hidden layer, multilayer perceptron, MLP"),
    "deep": message("deep network"),
    "residual": message("skip connection, ResNet, shortcut"),
}
#: The field that a number sets, and what a number must be for that.
_NUMBERED = {"dense": "units", "dropout": "rate"}
_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?(?:\s*%)?")

# A closing consonant of a Korean syllable may become the first of the next one while it is being typed.
_FIRST = "ᄀᄁᄂᄃᄄᄅᄆᄇᄈᄉᄊᄋᄌᄍᄎᄏᄐᄑᄒ"
_LAST = dict(zip("ᆨᆩᆫᆮᆯᆷᆸᆺᆻᆼᆽᆾᆿᇀᇁᇂ", "ᄀᄁᄂᄃᄅᄆᄇᄉᄊᄋᄌᄎᄏᄐᄑᄒ", strict=True)) | dict(
    zip("ᆪᆬᆭᆰᆱᆲᆳᆴᆵᆶᆹ", ("ᄀᄉ", "ᄂᄌ", "ᄂᄒ", "ᄅᄀ", "ᄅᄆ", "ᄅᄇ", "ᄅᄉ", "ᄅᄐ", "ᄅᄑ", "ᄅᄒ", "ᄇᄉ"), strict=True)
)
_LETTERS = str.maketrans(_LAST)


def rows_asked(text: str, kinds: Collection[str] = ()) -> tuple[Row, ...]:
    """The rows that what was typed may mean, the likeliest first; all of them where nothing was typed.

    A number becomes a layer's units or a dropout's rate. What a network of these `kinds` can have once is left out.
    """
    words, number = _split(text)
    offered = [row for row in rows_for(set(kinds), more=True) if row.kind not in ONCE or row.kind not in kinds]
    if number is not None:
        offered = [_numbered(row, number) for row in offered if isinstance(row, Placeable) and row.name in _NUMBERED]
        if not words:
            return tuple(offered[:1]) if number >= 1.0 and number.is_integer() else tuple(offered[1:])
    ranked = [(rank, row) for row in offered if (rank := _rank(words, row)) is not None]
    return tuple(row for _, row in sorted(ranked, key=lambda pair: pair[0]))


def _split(text: str) -> tuple[str, float | None]:
    """What was typed as words, and the one number in it."""
    found = _NUMBER.search(text)
    if found is None:
        return text.strip(), None
    words = " ".join((text[: found.start()] + " " + text[found.end() :]).split())
    figure = found.group().replace(",", ".").replace("−", "-")
    number = float(figure.rstrip("% \t")) / (100.0 if figure.endswith("%") else 1.0)
    return words, number


def _numbered(row: Placeable, number: float) -> Placeable:
    """The row with that number in its field; whether it can have it is the catalog's to say."""
    whole = int(number) if number.is_integer() and abs(number) < 1e9 else number
    return replace(row, fields={**row.fields, _NUMBERED[row.name]: whole if row.name == "dense" else number})


def _rank(wanted: str, row: Row) -> int | None:
    """How well words fit a row: 0 its very name … 4 somewhere in another word for it; None: not at all."""
    if not wanted:
        return 0
    typed = letters(wanted)
    names = {letters(tr(row.label)), letters(str(row.label)), letters(row.name.replace("_", " "))}
    also = _ALSO.get(row.name)
    others = {letters(word) for line in ((str(also), tr(also)) if also is not None else ()) for word in line.split(",")}
    ranks = [_fit(typed, name) for name in names]
    ranks += [None if rank is None else max(rank, 2) for rank in (_fit(typed, name) for name in others if name)]
    return min((rank for rank in ranks if rank is not None), default=None)


def _fit(typed: str, name: str) -> int | None:
    if typed == name:
        return 0
    if name.startswith(typed):
        return 1
    if any(word.startswith(typed) for word in name.split()):
        return 3
    return 4 if typed in name or typed == initials(name) or _begins(typed, initials(name)) else None


def _begins(typed: str, initials: str) -> bool:
    return bool(initials) and len(typed) > 1 and initials.startswith(typed)


def letters(text: str) -> str:
    """A text for comparing: without case and spaces around it, Korean syllables as their letters."""
    return unicodedata.normalize("NFKD", text.strip().casefold()).translate(_LETTERS)


def initials(text: str) -> str:
    """The first consonants of the syllables of a text of Korean letters; "" where there are none."""
    return "".join(one for one, next in pairwise(text) if one in _FIRST and "ᅡ" <= next <= "ᅵ")
