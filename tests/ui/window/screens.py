"""Hands before a real X server: the program in a process of its own, real keys and a real pointer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROBE = Path(__file__).with_name("probe.py")
PATIENCE = 15.0

Seen = dict[str, Any]


class Screen:
    """A person before a screen, who knows where things are from what the window wrote down last."""

    def __init__(self, display: str, folder: Path) -> None:
        self.notes = folder / "seen.json"
        self.environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            **{f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
        }
        self.process = subprocess.Popen(
            [sys.executable, str(PROBE), str(self.notes)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.until(lambda seen: seen["epoch"] == 0)
        self.back()

    def xdotool(self, *words: object) -> None:
        command = ["xdotool", *(str(word) for word in words)]
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=PATIENCE)

    def until(self, holds: Callable[[Seen], object]) -> Seen:
        """What there is to see, as soon as that holds; what was seen last where it never does."""
        seen: Seen = {}
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.process.poll() is None, self.process.communicate()[0]
            if self.notes.exists():
                seen = json.loads(self.notes.read_text("utf-8"))
                if holds(seen):
                    return seen
            time.sleep(0.02)
        raise AssertionError(f"this never came to be; last seen: {seen}")

    @property
    def seen(self) -> Seen:
        """What there is to see now: not before what was done has been shown."""
        before = time.time_ns()
        while not self.notes.exists() or self.notes.stat().st_mtime_ns <= before:
            time.sleep(0.01)
        return self.until(lambda _seen: True)

    def click(self, place: list[int], times: int = 1, button: int = 1) -> None:
        self.xdotool("mousemove", *place, "click", "--repeat", times, "--delay", 40, button)

    def scroll(self, place: list[int]) -> None:
        """One notch of the wheel, towards the hand."""
        self.xdotool("mousemove", *place, "click", 5)

    def drag(self, start: list[int], end: list[int]) -> None:
        words: list[object] = ["mousemove", *start, "mousedown", 1]
        for step in range(1, 9):
            place = [round(a + (b - a) * step / 8) for a, b in zip(start, end, strict=True)]
            words += ["mousemove", *place, "sleep", 0.03]
        self.xdotool(*words, "sleep", 0.1, "mouseup", 1)

    def key(self, *names: str) -> None:
        self.xdotool("key", "--delay", 30, *names)

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", 8, text)

    def dialog(self, kind: str) -> None:
        """Wait for a dialog, and give it the keys: there is no window manager here to do it."""
        seen = self.until(lambda seen: seen["dialog"] == kind)
        self.xdotool("windowfocus", "--sync", seen["windows"][1])

    def back(self) -> None:
        """The keys to the window again, when the dialog is gone."""
        seen = self.until(lambda seen: not seen["dialog"])
        self.xdotool("windowfocus", "--sync", seen["windows"][0])

    def ended(self) -> None:
        """The program ends by itself, and nothing is said on the way out."""
        output, _ = self.process.communicate(timeout=PATIENCE)
        assert (self.process.returncode, output) == (0, "")


def wires(seen: Seen) -> set[tuple[str, str]]:
    """The wires by the titles of the cards that they join."""
    return {(source, target) for source, target, _ in seen["wires"]}


def middle(seen: Seen, source: str, target: str) -> list[int]:
    """Where on the screen a wire has its middle."""
    return next(place for a, b, place in seen["wires"] if (a, b) == (source, target))
