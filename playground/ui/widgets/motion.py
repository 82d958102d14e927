"""How long a movement takes: never 200 ms, and no time at all for whoever has asked for less motion."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation
from PySide6.QtWidgets import QApplication, QStyle

_LONGEST = 180
_reduced = False


def set_reduced_motion(reduced: bool) -> None:
    """With True nothing moves by itself any more: controls jump to their new state."""
    global _reduced
    _reduced = reduced


def reduced_motion() -> bool:
    """Whether the user, or a desktop without animations, has asked for no motion."""
    style = QApplication.style()
    return _reduced or (style is not None and style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0)


def duration(milliseconds: int = 120) -> int:
    """The time that a movement takes: as asked for, but under 200 ms, and 0 with reduced motion."""
    return 0 if reduced_motion() else min(milliseconds, _LONGEST)


def glide(owner: QObject) -> QVariantAnimation:
    """An animation that belongs to `owner` and settles softly; set its start and end, its duration, and start it."""
    animation = QVariantAnimation(owner)
    animation.setEasingCurve(QEasingCurve.Type.OutCubic)
    return animation
