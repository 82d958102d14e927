"""Words and figures as the window shows them: English or Korean, and numbers that no locale can change.

`tr("literal {n}", n=…)` and `tr(message)` are the only way in which a sentence reaches the screen. The Korean stands in
`resources/languages/ko.po`; the window reads `ko.mo`, which Babel makes of it. After a visible text has changed:

    pybabel extract --no-location -k tr -k message -k UserError -o build/texts.pot playground
    pybabel update --no-fuzzy-matching --ignore-obsolete -w 120 -l ko -i build/texts.pot -o resources/languages/ko.po
    pybabel compile -l ko -i resources/languages/ko.po -o resources/languages/ko.mo

(The last one takes a bare "% o" in an English text for a placeholder of another kind and says so; it means nothing.)
Widgets that show words connect to `language_changed` and say their words again.
"""

from __future__ import annotations

import gettext
import math
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from playground.messages import Message
from playground.resources import resource

Language = Literal["en", "ko"]

#: Each language in its own words, for the menu.
LANGUAGES: dict[Language, str] = {"en": "English", "ko": "한국어"}


class _Speech(QObject):
    """The language that is spoken now, and Qt's own words in it."""

    language_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.language: Language = "en"
        self.catalog = gettext.NullTranslations()
        self.qt_words: QTranslator | None = None

    def speak(self, language: Language) -> None:
        if language == self.language:
            return
        self.language = language
        self.catalog = _catalog(language)
        self._speak_qt(language)
        self.language_changed.emit(language)

    def _speak_qt(self, language: Language) -> None:
        """Qt's own menus and buttons (Cut, Copy, Cancel, …); they stay English where Qt has no such file."""
        app = QCoreApplication.instance()
        if app is None:
            return
        if self.qt_words is not None:
            app.removeTranslator(self.qt_words)
            self.qt_words = None
        words = QTranslator(app)
        path = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if language != "en" and words.load(f"qtbase_{language}", path):
            self.qt_words = words
            app.installTranslator(words)


def _catalog(language: Language) -> gettext.NullTranslations:
    path = resource(f"languages/{language}.mo")
    if language == "en" or not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


_speech = _Speech()

#: Emitted with "en" or "ko" after the language has changed.
language_changed = _speech.language_changed


def set_language(language: Language) -> None:
    """Speak that language from now on."""
    _speech.speak(language)


def language() -> Language:
    """The language that is spoken now."""
    return _speech.language


def system_language() -> Language:
    """Korean where the desktop's first known language is Korean, else English."""
    for name in QLocale.system().uiLanguages():
        known = name.replace("_", "-").split("-")[0].lower()
        if known in ("ko", "en"):
            return "ko" if known == "ko" else "en"
    return "en"


def tr(text: str | Message, **arguments: object) -> str:
    """A template or a message in the language of the window, filled in; messages among the arguments too.

    A template without a translation is shown in English; one without arguments is shown as it stands.
    """
    said = text if isinstance(text, Message) else Message(text, arguments)
    if not said.template:
        # gettext keeps its own header under the empty text.
        return ""
    spoken = {
        name: tr(argument) if isinstance(argument, Message) else argument for name, argument in said.arguments.items()
    }
    return Message(said.template, spoken).filled(_speech.catalog.gettext(said.template))


_FEATURES = {
    "x1": "x₁", "x2": "x₂", "x1^2": "x₁²", "x2^2": "x₂²", "x1*x2": "x₁·x₂", "sin(x1)": "sin x₁", "sin(x2)": "sin x₂",
}  # fmt: skip


def feature_text(name: str) -> str:
    """A feature as the textbook writes it; a column of the user's own table is called as it is there."""
    return _FEATURES.get(name, name)


# --- figures ---------------------------------------------------------------------------------------

NO_FIGURE = "–"
_MINUS = "−"
_DIGITS = 7


def figure(value: float | None, *, decimals: int = 4, percent: bool = False, signed: bool = False) -> str:
    """A number as it is shown: always with a dot, thousands with commas, never in the locale's own way.

    None and NaN are "–". Whole numbers (int) have no decimals; values too small for `decimals` are written with a power
    of ten, and large ones with fewer decimals. `percent` takes a share from 0 to 1 and gives "98.0 %"; `signed` puts a
    sign before positive numbers too.
    """
    if value is None or math.isnan(value):
        return NO_FIGURE
    size = abs(value)
    if math.isinf(value):
        text = "∞"
    elif percent:
        text = f"{size * 100.0:.1f}\N{NO-BREAK SPACE}%"
    elif isinstance(value, int):
        text = f"{size:,}"
    else:
        text = _decimal(size, decimals)
    if value < 0 and any(digit in text for digit in "123456789∞"):
        return _MINUS + text
    return "+" + text if signed and value > 0 else text


def _decimal(size: float, decimals: int) -> str:
    if size != 0.0 and (size < 0.5 * 10.0**-decimals or size >= 1e9):
        digits, _, power = f"{size:.1e}".partition("e")
        return f"{digits}e{int(power)}"
    room = _DIGITS - len(str(int(size)))
    return f"{size:,.{max(0, min(decimals, room))}f}"


def number_text(value: float) -> str:
    """A number as it stands in a field that is typed in: the shortest text that gives exactly this number back."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    digits, mark, power = repr(value).partition("e")
    return f"{digits}e{int(power)}" if mark else digits
