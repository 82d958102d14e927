"""The guard in conftest.py catches what a test leaves behind, and lets pass what goes away by itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CARELESS_TESTS = """
import threading

from PySide6.QtCore import QSettings, QThread, QTimer
from PySide6.QtWidgets import QWidget

kept, stop = [], threading.Event()


def test_leaks_a_thread():
    threading.Thread(target=stop.wait, daemon=True).start()


def test_leaks_a_timer(qapp):
    kept.append(QTimer())
    kept[-1].start(1000)


def test_leaks_a_qthread(qapp):
    kept.append(QThread())
    kept[-1].start()


def test_leaks_a_window(qapp):
    kept.append(QWidget())


def test_closes_its_window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.timer = QTimer(window)
    window.timer.start(10)
    window.itself = window
    window.show()


def test_joins_its_thread():
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


def test_stores_a_setting():
    QSettings("someone", "program").setValue("key", 1)


def test_finds_no_setting_of_another_test():
    assert QSettings("someone", "program").value("key") is None
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("careless")
    shutil.copy(Path(__file__).parents[1] / "conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\n")
    (folder / "test_careless.py").write_text(CARELESS_TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.parametrize(
    ("name", "leak"),
    [
        ("leaks_a_thread", "thread 'Thread-"),
        ("leaks_a_timer", "running QTimer"),
        ("leaks_a_qthread", "running QThread"),
        ("leaks_a_window", "window <"),
    ],
)
def test_that_a_leak_fails_the_test_and_is_named(outcomes, name, leak):
    block = re.search(rf"ERROR at teardown of test_{name} .*\n(?:.*\n)??.*The test left behind: (.*)", outcomes)
    assert block, outcomes
    assert leak in block[1]


def test_that_only_the_leaks_are_reported(outcomes):
    assert re.search(r"8 passed, 4 errors", outcomes), outcomes
