"""What every test stands on: no display, no settings of the person at the keyboard, one language, nothing left behind.

The environment is set here, at import, before anything can load Qt; processes that a test starts inherit it. Qt itself
is imported in functions alone (pytest-qt loads it anyway, so that this costs the tests without a window nothing).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time: a suite that fails must fail again. PLAYGROUND_FUZZ asks for new ones.
settings.register_profile("suite", derandomize=not os.environ.get("PLAYGROUND_FUZZ"), database=None)
settings.load_profile("suite")

HOME = Path(tempfile.mkdtemp(prefix="backprop-playground-tests-"))
SETTLE_SECONDS = 1.0  # a thread that has been told to end may take this long

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.update(LANG="C.UTF-8", LC_ALL="C.UTF-8", LANGUAGE="")
os.environ.update(HOME=str(HOME), XDG_RUNTIME_DIR=str(HOME / "run"))
(HOME / "run").mkdir(mode=0o700)
for _kind in ("config", "data", "state", "cache"):
    os.environ[f"XDG_{_kind.upper()}_HOME"] = str(HOME / _kind)

_PASSED = pytest.StashKey[bool]()
_started: weakref.WeakSet[object] = weakref.WeakSet()  # every QTimer and QThread that was ever started from Python
_numbers = count()


def pytest_configure() -> None:
    """Let every timer and thread of Qt that is started leave its name with the leak guard."""
    from PySide6.QtCore import QThread, QTimer

    for kind in (QTimer, QThread):
        _record_starts(kind)


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


def _record_starts(kind: type) -> None:
    original = kind.start

    def start(self: object, *arguments: object) -> None:
        _started.add(self)
        original(self, *arguments)

    kind.start = start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when == "call":
        item.stash[_PASSED] = report.passed
    return report


@pytest.fixture(autouse=True)
def _own_settings() -> None:
    """Each test starts without saved settings, whatever the one before it stored."""
    from PySide6.QtCore import QSettings

    folder = str(HOME / "settings" / str(next(_numbers)))
    for file_format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(file_format, QSettings.Scope.UserScope, folder)


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """A passed test fails after all if it leaves a thread, a running timer or a window; a failed one is only swept."""
    threads = set(threading.enumerate())
    windows = _windows()
    yield
    leaks = [*_leaked_threads(threads), *_leaked_qt_objects(windows)]
    if leaks and request.node.stash.get(_PASSED, False):
        pytest.fail("The test left behind: " + "; ".join(leaks), pytrace=False)


def _leaked_threads(before: set[threading.Thread]) -> Iterator[str]:
    for thread in set(threading.enumerate()) - before:
        # A dummy stands for a thread of Qt's, which is looked at below; tqdm keeps one monitor for the whole process.
        if isinstance(thread, threading._DummyThread) or type(thread).__module__.startswith("tqdm"):
            continue
        thread.join(SETTLE_SECONDS)
        if thread.is_alive():
            yield f"thread {thread.name!r}"


def _leaked_qt_objects(windows_before: list[object]) -> Iterator[str]:
    """Name what of Qt is left, and end it, so that one careless test does not fail those after it."""
    import gc

    from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
    from shiboken6 import isValid

    if QCoreApplication.instance() is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [window for window in _windows() if window not in windows_before]
    active = [item for item in _started if isValid(item) and _is_active(item)]
    if not windows and not active:
        return
    del windows, active
    gc.collect()  # what only a reference cycle held was on its way out
    for item in [item for item in _started if isValid(item) and _is_active(item)]:
        yield f"running {type(item).__name__} of {_parent_of(item)}"
        if isinstance(item, QTimer):
            item.stop()
        elif isinstance(item, QThread):
            item.quit()
            item.wait(int(1000 * SETTLE_SECONDS))
    for window in [window for window in _windows() if window not in windows_before]:
        yield f"window {window!r}"
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _is_active(item: object) -> bool:
    from PySide6.QtCore import QTimer

    return item.isActive() if isinstance(item, QTimer) else item.isRunning()


def _parent_of(item: object) -> str:
    parent = item.parent()
    return f"{type(parent).__name__} {parent.objectName()!r}" if parent is not None else "nobody"


def _windows() -> list[object]:
    from PySide6.QtWidgets import QApplication

    return QApplication.topLevelWidgets() if QApplication.instance() is not None else []


@pytest.fixture(scope="session")
def xvfb_display() -> Iterator[str]:
    """A real X server for tests that start the program on it: `DISPLAY` to put into the child's environment."""
    if shutil.which("Xvfb") is None:
        pytest.fail("Xvfb is missing; on Debian or Ubuntu: sudo apt-get install xvfb xdotool", pytrace=False)
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            pytest.fail(f"Xvfb did not start (exit status {server.wait()})", pytrace=False)
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)
