"""The window, on a project or on XOR."""

from __future__ import annotations

import argparse
import os
import sys

from playground.cli.output import Answer
from playground.messages import UserError


def run(arguments: argparse.Namespace) -> Answer:
    """Open the window and wait until it is closed."""
    if not _has_display():
        raise UserError(
            "There is no display for the window. Without one, “train” trains and “screenshot” takes a picture."
        )
    from playground.ui.app import run as open_window

    return open_window(arguments.file), None, ""


def _has_display() -> bool:
    """Whether a window can open; Qt would abort the process where it cannot."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
