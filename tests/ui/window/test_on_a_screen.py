"""The program in a process of its own on a real X server, used by a real pointer and real keys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

PROBE = Path(__file__).with_name("probe.py")
NETWORK = {("Input", "Dense 4"), ("Dense 4", "tanh"), ("tanh", "Dense 1"), ("Dense 1", "Loss")}
PATIENCE = 15.0


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

    def until(self, holds: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """What there is to see, as soon as that holds; what was seen last where it never does."""
        seen: dict[str, Any] = {}
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
    def seen(self) -> dict[str, Any]:
        """What there is to see now: not before what was done has been shown."""
        before = time.time_ns()
        while not self.notes.exists() or self.notes.stat().st_mtime_ns <= before:
            time.sleep(0.01)
        return self.until(lambda _seen: True)

    def click(self, place: list[int], times: int = 1) -> None:
        self.xdotool("mousemove", *place, "click", "--repeat", times, "--delay", 40, 1)

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


@pytest.fixture
def screen(xvfb_display: str, tmp_path: Path) -> Iterator[Screen]:
    if shutil.which("xdotool") is None:
        pytest.fail("xdotool is missing; on Debian or Ubuntu: sudo apt-get install xdotool", pytrace=False)
    screen = Screen(xvfb_display, tmp_path)
    yield screen
    if screen.process.poll() is None:
        screen.process.kill()
        screen.process.communicate()


def wires(seen: dict[str, Any]) -> set[tuple[str, str]]:
    return {(source, target) for source, target, _ in seen["wires"]}


def middle(seen: dict[str, Any], source: str, target: str) -> list[int]:
    return next(place for a, b, place in seen["wires"] if (a, b) == (source, target))


def test_that_a_pointer_builds_the_network_trains_it_switches_it_and_takes_the_weights_away(screen, tmp_path):
    screen.key("ctrl+n")
    seen = screen.until(lambda seen: not seen["cards"] and seen["problems"])
    x, y = seen["canvas"]
    screen.drag(seen["rows"]["input"], [x - 200, y])
    seen = screen.until(lambda seen: set(seen["cards"]) == {"Input"})
    screen.drag(seen["rows"]["dense"], [x + 260, y])
    seen = screen.until(lambda seen: "Dense 4" in seen["cards"])
    seen = screen.seen
    screen.drag(seen["cards"]["Input"]["out"], seen["cards"]["Dense 4"]["in"])
    screen.until(lambda seen: ("Input", "Dense 4") in wires(seen))
    screen.click(screen.seen["rows"]["loss"], 2)
    screen.until(lambda seen: ("Dense 4", "Loss") in wires(seen))
    seen = screen.seen
    screen.drag(seen["rows"]["dense"], middle(seen, "Dense 4", "Loss"))
    screen.until(lambda seen: seen["remedies"] and len(seen["wires"]) == 3)
    screen.click(screen.seen["remedies"][0])
    screen.until(lambda seen: ("Dense 1", "Loss") in wires(seen))
    seen = screen.seen
    screen.drag(seen["rows"]["tanh"], middle(seen, "Dense 4", "Dense 1"))
    seen = screen.until(lambda seen: wires(seen) == NETWORK and seen["epoch"] == 0)

    screen.click(seen["train"])
    screen.until(lambda seen: seen["running"] and seen["epoch"] > 2)
    screen.click(screen.seen["cards"]["tanh"]["switch"])
    screen.until(lambda seen: not seen["enabled"])
    screen.click(seen["activations"])
    screen.until(lambda seen: seen["enabled"])
    screen.click(seen["train"])
    screen.until(lambda seen: not seen["running"])

    screen.key("ctrl+e")
    screen.dialog("QFileDialog")
    screen.key("ctrl+a")
    screen.type(str(tmp_path / "net.npz"))
    screen.key("Return")
    screen.until(lambda seen: "net.npz" in seen["said"])
    with np.load(tmp_path / "net.npz") as arrays:
        assert (2, 4) in [array.shape for array in arrays.values()]
    screen.back()
    screen.key("ctrl+q")
    screen.dialog("QMessageBox")
    screen.click(screen.seen["discard"])
    screen.ended()


def test_that_keys_alone_build_and_train_the_network_save_it_and_leave(screen, tmp_path):
    screen.key("ctrl+n")
    screen.until(lambda seen: not seen["cards"] and seen["problems"])
    for count, name in enumerate(("input", "dense", "tanh", "dense", "loss"), 1):
        screen.key(name[0])
        screen.until(lambda seen: seen["focus"].startswith("SearchField"))
        screen.type(name[1:])
        screen.key("Return")
        screen.until(lambda seen, count=count: len(seen["wires"]) == count - 1 and seen["focus"] == "CanvasView Canvas")
    screen.key("Left", "Return")
    screen.until(lambda seen: seen["focus"] == "NumberField Units")
    screen.key("ctrl+a")
    screen.type("1")
    screen.key("Return", "Escape")
    screen.until(lambda seen: wires(seen) == NETWORK and seen["focus"] == "CanvasView Canvas" and seen["epoch"] == 0)
    screen.key("F7", "space")
    screen.until(lambda seen: seen["accuracy"] >= 0.97)
    screen.key("F6")
    screen.until(lambda seen: not seen["enabled"])
    if screen.seen["running"]:
        screen.key("space")
    screen.until(lambda seen: not seen["running"])
    screen.key("ctrl+s")
    screen.dialog("QFileDialog")
    screen.key("ctrl+a")
    screen.type(str(tmp_path / "mine"))
    screen.key("Return")
    screen.until(lambda seen: seen["title"].startswith("mine.json") and not seen["dialog"])
    screen.back()
    screen.key("ctrl+q")
    screen.ended()
    assert json.loads((tmp_path / "mine.json").read_text("utf-8"))


def test_that_keys_alone_build_two_branches_on_a_real_screen(screen):
    """A skip connection around a hidden layer; its microscope opens and steps."""
    screen.key("ctrl+n")
    screen.until(lambda seen: not seen["cards"] and seen["problems"])
    for count, name in enumerate(("input", "dense 4", "tanh", "dense 2", "add", "dense 1", "loss"), 1):
        screen.key(name[0])
        screen.until(lambda seen: seen["focus"].startswith("SearchField"))
        screen.type(name[1:])
        screen.key("Return")
        screen.until(lambda seen, count=count: len(seen["cards"]) == count and seen["focus"] == "CanvasView Canvas")
    screen.key(*["Left"] * 8, "ctrl+k")
    for _ in range(8):
        if screen.until(lambda seen: seen["aim"])["aim"] == "Add":
            break
        before = screen.seen["aim"]
        screen.key("Tab")
        screen.until(lambda seen, before=before: seen["aim"] != before)
    screen.key("Return")
    screen.until(lambda seen: {("Input", "Add"), ("Dense 2", "Add")} <= wires(seen) and seen["epoch"] == 0)
    screen.key("F8")
    screen.until(lambda seen: seen["focus"].startswith("MicroscopePanel"))
    screen.key("Next", "Next", "Next", "Escape")
    screen.until(lambda seen: seen["focus"] == "CanvasView Canvas")
    screen.key("F7", "space")
    screen.until(lambda seen: seen["accuracy"] >= 0.97)
    screen.key("ctrl+q")
    screen.dialog("QMessageBox")
    screen.click(screen.seen["discard"])
    screen.ended()
