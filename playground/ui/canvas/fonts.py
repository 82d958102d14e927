"""The fonts of the canvas and their measures, looked up once: to find one takes longer than to write a word in it."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontMetricsF

from playground.ui import theme


@cache
def caption() -> QFont:
    """For captions. Fonts and metrics are shared, and not to be changed."""
    return theme.caption_font()


@cache
def title(size: int = theme.CONTROL) -> QFont:
    """For titles."""
    return theme.title_font(size)


@cache
def figure(size: int = theme.FIGURE, bold: bool = True) -> QFont:
    """For live figures."""
    return theme.figure_font(size, bold=bold)


@cache
def caption_metrics() -> QFontMetricsF:
    """How much room captions take."""
    return QFontMetricsF(caption())


@cache
def title_metrics(size: int = theme.CONTROL) -> QFontMetricsF:
    """How much room titles take."""
    return QFontMetricsF(title(size))


def forget() -> None:
    """Look them up again: the application's font has changed."""
    for known in (caption, title, figure, caption_metrics, title_metrics):
        known.cache_clear()
