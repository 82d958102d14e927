"""Colours by their numbers: contrast, classes that stay apart, a zero that is the surface, a live change of theme."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel

import playground.ui
from playground.ui.theme import (
    DARK,
    LIGHT,
    MARKERS,
    Theme,
    apply,
    contrast,
    diverging,
    figure_font,
    font,
    font_families,
    mix,
    palette,
    system_theme,
    themes,
)

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def grounds(theme: Theme) -> list[QColor]:
    return [theme.bg, theme.surface, theme.chip]


def test_that_contrast_agrees_with_known_ratios():
    assert contrast(QColor("#000000"), QColor("#FFFFFF")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("#FFFFFF")) == pytest.approx(4.478, abs=1e-3)


@BOTH
@pytest.mark.parametrize("token", ["text", "muted", "accent", "forward", "gradient", "ok", "warn", "error"])
def test_that_words_can_be_read_on_every_ground(theme, token):
    for ground in grounds(theme):
        assert contrast(getattr(theme, token), ground) >= 4.5


@BOTH
def test_that_words_on_buttons_can_be_read_in_every_state(theme):
    for ground in (theme.accent, theme.hover(theme.accent), theme.pressed(theme.accent)):
        assert contrast(theme.on_accent, ground) >= 4.5
    for ground in (theme.hover(theme.chip), theme.pressed(theme.chip)):
        assert contrast(theme.text, ground) >= 4.5


@BOTH
def test_that_class_colours_carry_words_on_cards_but_only_marks_on_chips(theme):
    for color in (theme.negative, theme.positive):
        assert contrast(color, theme.surface) >= 4.5
        assert contrast(color, theme.bg) >= 4.5
        assert contrast(color, theme.chip) >= 3.0


@BOTH
@pytest.mark.parametrize("token", ["edge", "disabled"])
def test_that_outlines_and_disabled_words_can_be_seen_on_every_ground(theme, token):
    for ground in grounds(theme):
        assert contrast(getattr(theme, token), ground) >= 3.0


@BOTH
def test_that_the_palette_keeps_the_contrast_in_every_group(theme):
    made = palette(theme)
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    pairs = [
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.PlaceholderText, role.Base),
        (role.Link, role.Window),
        (role.LinkVisited, role.Base),
    ]
    for front, back in pairs:
        assert contrast(made.color(group.Active, front), made.color(group.Active, back)) >= 4.5, front
        assert contrast(made.color(group.Inactive, front), made.color(group.Inactive, back)) >= 4.5, front
        if front not in (role.ToolTipText, role.Link, role.LinkVisited):
            assert contrast(made.color(group.Disabled, front), made.color(group.Disabled, back)) >= 3.0, front


# Severity 1 of Machado, Oliveira, Fernandes (2009): linear RGB as seen without one kind of cone.
SEEN = {
    "all cones": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(color: QColor, seen) -> np.ndarray:
    rgb = np.array([color.redF(), color.greenF(), color.blueF()])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return TO_LAB @ np.cbrt(TO_LMS @ np.clip(np.asarray(seen) @ linear, 0.0, 1.0))


@BOTH
@pytest.mark.parametrize("vision", SEEN)
def test_that_ten_classes_stay_apart_for_every_eye(theme, vision):
    places = [oklab(mark.color, SEEN[vision]) for mark in theme.classes]
    assert len(places) == 10
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(places, 2)) >= 0.07


@BOTH
def test_that_each_class_has_a_shape_of_its_own_and_stands_out(theme):
    assert [mark.marker for mark in theme.classes] == list(MARKERS)
    assert len(set(MARKERS)) == 10
    assert theme.classes[0].color == theme.negative
    assert theme.classes[1].color == theme.positive
    for mark in theme.classes:
        assert contrast(mark.color, theme.surface) >= 3.0
        assert contrast(mark.color, theme.bg) >= 3.0


@BOTH
def test_that_zero_is_the_surface_and_the_ends_are_the_two_signs(theme):
    table = diverging(theme)
    assert table.shape == (256, 4)
    assert table.dtype == np.uint8
    assert tuple(table[128]) == theme.surface.getRgb()
    assert tuple(table[1]) == theme.negative.getRgb()
    assert tuple(table[255]) == theme.positive.getRgb()
    half = diverging(theme, 0.5)
    assert tuple(half[128]) == theme.surface.getRgb()
    middle = mix(theme.surface, theme.positive, 0.5)
    assert np.abs(half[255].astype(int) - np.array(middle.getRgb())).max() <= 1


@BOTH
@pytest.mark.parametrize("value", [-1.0, -0.4, 0.0, 0.25, 1.0])
def test_that_one_value_has_one_colour_in_maps_and_on_wires(theme, value):
    row = diverging(theme)[round(128 + 127 * value)]
    assert np.abs(row[:3].astype(int) - np.array(theme.signed(value).getRgb()[:3])).max() <= 2


def test_that_a_change_of_theme_reaches_plain_and_painted_widgets(qapp, qtbot):
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()
    for theme in (DARK, LIGHT):
        with qtbot.waitSignal(themes.changed) as said:
            apply(qapp, theme)
        assert said.args == [theme]
        assert themes.current() is theme
        assert label.palette().color(QPalette.ColorRole.WindowText) == theme.text
        assert QApplication.palette().color(QPalette.ColorRole.Window) == theme.bg


@pytest.mark.parametrize(
    ("scheme", "theme"),
    [(Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Unknown, LIGHT)],
)
def test_that_the_system_theme_is_followed_until_one_is_chosen(qapp, monkeypatch, scheme, theme):
    class Hints:
        def colorScheme(self):
            return scheme

    themes.choose("system")
    monkeypatch.setattr("playground.ui.theme.QGuiApplication.styleHints", lambda: Hints())
    assert system_theme() is theme
    themes._follow()
    assert themes.current() is theme
    monkeypatch.undo()
    themes.choose("dark")
    themes._follow()
    assert themes.choice() == "dark"
    assert themes.current() is DARK
    themes.choose("light")
    assert themes.current() is LIGHT


def test_that_all_digits_of_a_figure_are_equally_wide(qapp):
    metrics = QFontMetricsF(figure_font())
    widths = {round(metrics.horizontalAdvance(digit * 8), 3) for digit in "0123456789"}
    assert len(widths) == 1


def test_that_some_installed_font_is_named(qapp):
    assert font_families()
    assert all(font_families())


def test_that_a_font_is_the_caller_s_own(qapp):
    mine = font(17)
    mine.setPixelSize(40)
    assert font(17).pixelSize() == 17


def test_that_fonts_are_looked_for_again_when_others_are_installed(qapp, monkeypatch):
    themes.choose("light")
    font()
    monkeypatch.setattr("playground.ui.theme.QFontDatabase.families", lambda: ["Noto Sans KR"])
    told = []
    listening = themes.changed.connect(lambda _theme: told.append(font().families()[-1]))
    qapp.fontDatabaseChanged.emit()
    try:
        assert font().families()[-1] == "Noto Sans KR"
        assert told == ["Noto Sans KR"], "what has been measured is measured again"
        assert qapp.font().families()[-1] == "Noto Sans KR"
    finally:
        themes.disconnect(listening)
        monkeypatch.undo()
        qapp.fontDatabaseChanged.emit()
    assert tuple(font().families()) == font_families()


LITERALS = (
    re.compile(r"""["'][^"'\n]*#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b"""),
    re.compile(r"\b(?:QColor|QBrush|QPen|mkColor|mkPen|mkBrush|fromRgbF?|setRgbF?)\((?!0, 0, 0, 0\))\s*[\"'0-9(]"),
    re.compile(r"\brgba?\(\s*\d"),
    re.compile(
        r"(?:Qt|GlobalColor)\.(?!transparent)(?:dark|light)?(?:red|green|blue|cyan|magenta|yellow|gray|black|white)\b",
        re.I,
    ),
    re.compile(r"""(?:color|background)\s*[:=]\s*["']?(?:white|black|red|green|blue|gr[ae]y|orange)\b""", re.I),
)


def test_that_no_colour_is_written_outside_the_theme():
    room = Path(playground.ui.__file__).parent
    found = [
        f"{path.relative_to(room)}:{number}: {line.strip()}"
        for path in sorted(room.rglob("*.py"))
        if path != room / "theme.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(pattern.search(line) for pattern in LITERALS)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'pen = QPen("#4338CA")',
        "QColor(12, 13, 14)",
        'setStyleSheet("color: red")',
        "Qt.GlobalColor.darkRed",
        "pg.mkPen((1, 2, 3))",
        'css = "border: 1px solid rgb(1, 2, 3)"',
    ],
)
def test_that_the_search_for_literals_would_find_one(line):
    assert any(pattern.search(line) for pattern in LITERALS)
