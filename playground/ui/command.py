"""One command of the menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from playground.messages import Message

Keys = QKeySequence.StandardKey | str | None


#: Opens and closes what a newcomer does not need.
MORE_KEY = "Ctrl+M"


@dataclass(frozen=True)
class Command:
    """One entry of a menu.

    `on_canvas`: its key works only where the canvas has the focus, so that text stays text. `checked` says whether what
    it turns on and off is on.
    """

    name: Message
    key: Keys
    run: Callable[[], object]
    on_canvas: bool = False
    checked: Callable[[], bool] | None = None
