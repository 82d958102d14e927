"""Light and dark: every colour and font of the window, and how a running window changes from one to the other.

This is the only module in which a colour is written down. Everything else asks `themes.current()` when it paints, and
connects to `themes.changed` where it keeps pens, brushes or look-up tables. A colour has one meaning everywhere:
`negative` and `positive` are signs and the two classes, `forward` flows forward, `gradient` flows backward, `accent` is
what can be pressed or is selected. Shape or dash carries each meaning a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from playground.ui.style_sheet import style_sheet

ThemeChoice = Literal["system", "light", "dark"]

#: A step of the grid, the corner of a card or a chip, and the smallest size of a target; logical pixels.
GRID, CORNER, TARGET = 4, 8, 24
#: Heights of the type, logical pixels.
CAPTION, CONTROL, FIGURE = 11, 13, 15


@dataclass(frozen=True)
class ClassMark:
    """How one class is drawn: its colour and a shape of its own (see `icons.marker_path`)."""

    color: QColor
    marker: str


@dataclass(frozen=True, eq=False)
class Theme:
    """The tokens of one theme.

    Attributes:
        bg, surface, chip: grounds: behind everything, of cards and plots, of flat buttons.
        line: the decorative outline of a card and the lines of a grid.
        edge: an outline that carries meaning: fields, ports, axes, the track of a switch (≥ 3:1 on every ground).
        text, muted, disabled: words (≥ 4.5:1; disabled ≥ 3:1).
        accent, on_accent: what can be pressed or is selected, and the words on it.
        negative, positive: below and above zero, the first and the second class.
        forward, gradient: what flows forward and what flows backward.
        ok, warn, error: states, always with a word or a mark.
        classes: ten marks, the first two being negative and positive.
    """

    name: Literal["light", "dark"]
    bg: QColor
    surface: QColor
    chip: QColor
    line: QColor
    edge: QColor
    text: QColor
    muted: QColor
    disabled: QColor
    accent: QColor
    on_accent: QColor
    negative: QColor
    positive: QColor
    forward: QColor
    gradient: QColor
    ok: QColor
    warn: QColor
    error: QColor
    classes: tuple[ClassMark, ...]

    def hover(self, color: QColor) -> QColor:
        """The same ground under the pointer."""
        return mix(color, self.text if color != self.accent else self.on_accent, 0.06)

    def pressed(self, color: QColor) -> QColor:
        """The same ground while it is held down."""
        return mix(color, self.text if color != self.accent else self.on_accent, 0.13)

    def signed(self, value: float, strength: float = 1.0) -> QColor:
        """The colour of a value from −1 to 1, as `diverging` has it; zero is the surface's own."""
        extreme = self.positive if value > 0.0 else self.negative
        return mix(self.surface, extreme, strength * min(abs(value), 1.0))


#: Shapes in the order of the classes: the first two are the square and the circle of every picture.
MARKERS: tuple[str, ...] = (
    "square", "circle", "triangle", "diamond", "plus", "cross", "star", "triangle_down", "pentagon", "hexagon",
)  # fmt: skip


# Ten colours that stay apart (≥ 0.07 in OKLab) for full colour vision and the three common deficiencies, and stand out
# from the grounds (≥ 3:1); found by search, held by a test.
def _classes(*colors: str) -> tuple[ClassMark, ...]:
    return tuple(ClassMark(QColor(color), marker) for color, marker in zip(colors, MARKERS, strict=True))


LIGHT = Theme(
    name="light",
    bg=QColor("#F4F6F9"),
    surface=QColor("#FFFFFF"),
    chip=QColor("#E9EDF3"),
    line=QColor("#CBD3DE"),
    edge=QColor("#7C8899"),
    text=QColor("#17202B"),
    muted=QColor("#556274"),
    disabled=QColor("#748091"),
    accent=QColor("#4338CA"),
    on_accent=QColor("#FFFFFF"),
    negative=QColor("#1D6FB8"),
    positive=QColor("#B8510B"),
    forward=QColor("#0B6E7F"),
    gradient=QColor("#A21A8B"),
    ok=QColor("#18794E"),
    warn=QColor("#9A5B00"),
    error=QColor("#B42318"),
    classes=_classes(
        "#1D6FB8", "#B8510B", "#006058", "#621FA1", "#B0840A", "#F24A81", "#410D73", "#6A1A01", "#0095CA", "#0B414D"
    ),
)

DARK = Theme(
    name="dark",
    bg=QColor("#12161D"),
    surface=QColor("#1B212B"),
    chip=QColor("#2A323E"),
    line=QColor("#3A4554"),
    edge=QColor("#76849A"),
    text=QColor("#E9EDF3"),
    muted=QColor("#A3AFBF"),
    disabled=QColor("#8592A4"),
    accent=QColor("#A5A8FF"),
    on_accent=QColor("#12161D"),
    negative=QColor("#6CB4F0"),
    positive=QColor("#F5A45B"),
    forward=QColor("#63D0DE"),
    gradient=QColor("#F08AD8"),
    ok=QColor("#6FD39A"),
    warn=QColor("#F2C14E"),
    error=QColor("#FF8A80"),
    classes=_classes(
        "#6CB4F0", "#F5A45B", "#319B6B", "#957ADF", "#F1FF6E", "#FF5D9D", "#7A46FB", "#8F6700", "#90FFC8", "#CBD2FF"
    ),
)

THEMES: dict[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK)}


# --- colour arithmetic -----------------------------------------------------------------------------


def mix(ground: QColor, color: QColor, share: float) -> QColor:
    """`share` of `color` (0 to 1) over the rest of `ground`, in sRGB."""
    return QColor.fromRgbF(
        ground.redF() + (color.redF() - ground.redF()) * share,
        ground.greenF() + (color.greenF() - ground.greenF()) * share,
        ground.blueF() + (color.blueF() - ground.blueF()) * share,
    )


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def diverging(theme: Theme, strength: float = 1.0) -> NDArray[np.uint8]:
    """The look-up table negative – surface – positive, [256, 4] uint8 RGBA, opaque.

    Row 128 is zero and has exactly the surface's colour; row 1 is −1 and row 255 is 1 (row 0 repeats row 1), so that
    a value v in −1 … 1 has row 128 + 127·v. `strength` from 0 to 1 is how far the ends go towards the full colour.
    """
    value = np.clip((np.arange(256) - 128) / 127.0, -1.0, 1.0)[:, None]
    surface, low, high = (
        np.array([color.red(), color.green(), color.blue()], dtype=np.float64)
        for color in (theme.surface, theme.negative, theme.positive)
    )
    rows = surface + (np.where(value < 0.0, low, high) - surface) * np.abs(value) * strength
    table = np.full((256, 4), 255, dtype=np.uint8)
    table[:, :3] = np.rint(rows).astype(np.uint8)
    return table


# --- fonts -----------------------------------------------------------------------------------------

_KOREAN = ("Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic")
#: What a Linux desktop falls back to when nobody has chosen a font; a better one is taken where it is installed.
_BARE = frozenset({"DejaVu Sans", "Bitstream Vera Sans", "Nimbus Sans", "Sans Serif", "Droid Sans Fallback", ""})
_BETTER = ("Inter", "Noto Sans", "Source Sans 3", "Cantarell", "Noto Sans CJK KR", "Noto Sans KR")


@cache
def font_families() -> tuple[str, ...]:
    """The system's sans first, then the Korean ones, only those that are installed (at least one name)."""
    installed = set(QFontDatabase.families())
    system = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).family()
    if system in _BARE:
        system = next((family for family in _BETTER if family in installed), system)
    return system, *(family for family in _KOREAN if family in installed and family != system)


@cache
def _font(size: int, bold: bool, *, figures: bool) -> QFont:
    made = QFont()
    made.setFamilies(font_families())
    made.setPixelSize(size)
    made.setBold(bold)
    # Full hinting makes small words as heavy as bold ones.
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if figures:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def font(size: int = CONTROL, *, bold: bool = False) -> QFont:
    """The interface's font, `size` in logical pixels."""
    return QFont(_font(size, bold, figures=False))


def caption_font() -> QFont:
    """For captions and axis labels."""
    return font(CAPTION)


def title_font(size: int = CONTROL) -> QFont:
    """For the title of a card or panel."""
    return font(size, bold=True)


def figure_font(size: int = FIGURE, *, bold: bool = True) -> QFont:
    """For live figures: all digits equally wide, so that a changing number does not dance."""
    return QFont(_font(size, bold, figures=True))


# --- the running application -----------------------------------------------------------------------


def system_theme() -> Theme:
    """The theme of the desktop; light where it does not say."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def palette(theme: Theme) -> QPalette:
    """The palette with which Fusion draws this theme."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    made = QPalette()
    for names, color in (
        ((role.Window, role.ToolTipBase), theme.bg),
        ((role.Base,), theme.surface),
        ((role.AlternateBase,), mix(theme.surface, theme.chip, 0.5)),
        ((role.Button,), theme.chip),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), theme.text),
        ((role.PlaceholderText, role.LinkVisited), theme.muted),
        ((role.Highlight, role.Link, role.Accent), theme.accent),
        ((role.HighlightedText,), theme.on_accent),
        ((role.Light, role.Midlight), mix(theme.chip, theme.surface, 0.5)),
        ((role.Mid, role.Dark), theme.edge),
        ((role.Shadow,), theme.line),
    ):
        for name in names:
            made.setColor(name, color)
    for name in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        made.setColor(group.Disabled, name, theme.disabled)
    made.setColor(group.Disabled, role.Highlight, theme.chip)
    made.setColor(group.Disabled, role.HighlightedText, theme.disabled)
    made.setColor(group.Disabled, role.Base, theme.bg)
    return made


class ThemeSource(QObject):
    """Which theme the window has. `changed` carries the new `Theme`, after the palette has been put in place."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._choice: ThemeChoice = "light"
        self._follows = False

    def current(self) -> Theme:
        """The theme in which to paint."""
        return self._theme

    def choice(self) -> ThemeChoice:
        """What the user chose: a theme, or to go with the system."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Apply a theme to the running application; "system" follows the desktop from now on."""
        self._choice = choice
        hints = QGuiApplication.styleHints()
        if not self._follows:
            hints.colorSchemeChanged.connect(self._follow)
            app = QApplication.instance()
            if isinstance(app, QApplication):
                app.fontDatabaseChanged.connect(self._renew_fonts)
            self._follows = True
        if choice == "system":
            hints.unsetColorScheme()
            self.put(system_theme())
        else:
            # So that title bars and the system's own dialogs go along.
            hints.setColorScheme(Qt.ColorScheme.Dark if choice == "dark" else Qt.ColorScheme.Light)
            self.put(THEMES[choice])

    def put(self, theme: Theme) -> None:
        """Style the application in that theme and say so."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            if app.style().name().lower() != "fusion":
                app.setStyle("Fusion")
            app.setFont(font())
            app.setPalette(palette(theme))
            app.setStyleSheet(style_sheet(theme))
        self._theme = theme
        self.changed.emit(theme)

    def _renew_fonts(self) -> None:
        """Fonts were installed or taken away: all is measured again."""
        font_families.cache_clear()
        _font.cache_clear()
        self.put(self._theme)

    def _follow(self) -> None:
        if self._choice == "system":
            self.put(system_theme())


#: The one source that every painted widget and plot asks.
themes = ThemeSource()


def apply(app: QApplication, theme: Theme) -> None:
    """Put `app` into a theme, whatever was chosen before (see `ThemeSource.choose` for following the system)."""
    themes.put(theme)
