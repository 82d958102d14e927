"""D01: the program on a screen, closed while it trains: by X, by Ctrl+Q, by signals; exit 0 and silence."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SECONDS = 2.0  # to be gone
PATIENCE = 30.0  # for the window to come, on a machine with other work

#: Starts the program, presses Train at full speed, and says so when the first updates are on the screen.
TRAINING = """
import sys
from playground.document import edits
from playground.messages import message
from playground.ui import app
from playground.ui.main_window import MainWindow


class Training(MainWindow):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.session.plan_changed.connect(self.begin)
        self.session.frame.connect(self.tell)

    def begin(self, plan):
        self.session.plan_changed.disconnect(self.begin)
        faster = lambda document: edits.set_training(document, pace=None, epochs=1_000_000)
        assert self.session.edit(message("train at full speed"), faster)
        self.session.train()
        {then}

    def tell(self, snapshot):
        if snapshot.updates > 300:
            self.session.frame.disconnect(self.tell)
            print("training", flush=True)


app.MainWindow = Training
sys.exit(app.run(None))
"""


class Program:
    """One running program: its process and its window on the screen."""

    def __init__(self, display: str, folder: Path, then: str = "pass") -> None:
        self.display = display
        settings = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        self.environment = {
            **os.environ, **settings, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "HOME": str(folder),
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-c", TRAINING.replace("{then}", then)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def trains(self) -> None:
        """Wait until it trains on the screen."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        first = self.process.stdout.readline()
        assert first == "training\n", self.process.stderr.read()

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def window(self) -> int:
        found = self.xdotool("search", "--all", "--onlyvisible", "--pid", str(self.process.pid), "--name", "Playground")
        return int(found.split()[0])

    def is_gone_in_silence(self) -> None:
        start = time.monotonic()
        out, err = self.process.communicate(timeout=PATIENCE)
        assert (self.process.returncode, out, err) == (0, "", "")
        assert time.monotonic() - start < SECONDS


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent, padded to the size of XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 24),
    )


def press_x(program: Program) -> None:
    """What a window manager sends when the X of a window is pressed: WM_DELETE_WINDOW."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.argtypes, x11.XInternAtom.restype = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int), ctypes.c_ulong
    x11.XSendEvent.argtypes = (ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p)
    x11.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    screen = x11.XOpenDisplay(program.display.encode())
    event = _ClientMessage(type=33, window=program.window(), format=32)
    event.message_type = x11.XInternAtom(screen, b"WM_PROTOCOLS", 0)
    event.data[0] = x11.XInternAtom(screen, b"WM_DELETE_WINDOW", 0)
    assert x11.XSendEvent(screen, event.window, 0, 0, ctypes.byref(event))
    x11.XCloseDisplay(screen)


def press_quit(program: Program) -> None:
    program.xdotool("windowfocus", "--sync", str(program.window()))
    program.xdotool("key", "ctrl+q")


def interrupt(program: Program) -> None:
    program.process.send_signal(signal.SIGINT)


def terminate(program: Program) -> None:
    program.process.send_signal(signal.SIGTERM)


@pytest.fixture
def start(xvfb_display: str, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts the program on the screen; what a failed test leaves running is killed."""
    if shutil.which("xdotool") is None:
        pytest.fail("xdotool is missing; on Debian or Ubuntu: sudo apt-get install xdotool", pytrace=False)
    started: list[Program] = []

    def start_(then: str = "pass") -> Program:
        started.append(Program(xvfb_display, tmp_path, then))
        return started[-1]

    yield start_
    for program in started:
        with program.process as process:
            if process.poll() is None:
                process.kill()


@pytest.mark.parametrize("way", [press_x, press_quit, interrupt, terminate])
def test_that_it_closes_in_silence_while_it_trains(
    start: Callable[..., Program], way: Callable[[Program], None]
) -> None:
    first = start()
    second = start()
    for program in (first, second):
        program.trains()
        way(program)
        program.is_gone_in_silence()


def test_that_it_closes_in_silence_while_a_file_is_written(start: Callable[..., Program], tmp_path: Path) -> None:
    """What was begun is finished: the file is whole."""
    path = tmp_path / "weights.npz"
    program = start(f"self.files.export_to(__import__('pathlib').Path({str(path)!r}))")
    program.trains()
    interrupt(program)
    program.is_gone_in_silence()
    assert path.read_bytes()[:2] == b"PK"


def test_that_unsaved_work_is_asked_for_once_and_a_second_signal_insists(start: Callable[..., Program]) -> None:
    remove = "self.session.edit(message('remove'), lambda document: edits.remove(document, ('a1',)))"
    program = start(remove)
    program.trains()
    interrupt(program)
    deadline = time.monotonic() + PATIENCE
    pattern = ("search", "--onlyvisible", "--pid", str(program.process.pid))
    while len(program.xdotool(*pattern).split()) < 2 and time.monotonic() < deadline:
        assert program.process.poll() is None, "unsaved work was thrown away"
    interrupt(program)
    program.is_gone_in_silence()
