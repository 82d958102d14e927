"""Garbage is collected in the window's thread alone, so that nothing of Qt is freed in another."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from playground.ui.collecting import Collecting


class Cycle:
    """Something that only the collector frees."""

    def __init__(self, freed_in: list[str]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: freed_in.append(threading.current_thread().name))


@pytest.fixture
def collecting(qapp: object) -> Iterator[Collecting]:
    before = gc.isenabled()
    made = Collecting()
    yield made
    made.end()
    if not before:
        gc.disable()


def test_that_cycles_made_by_other_threads_are_freed_in_the_windows(collecting: Collecting, qtbot) -> None:
    freed: list[str] = []

    def make() -> None:
        for _ in range(5_000):
            Cycle(freed)

    thread = threading.Thread(target=make, name="maker")
    thread.start()
    thread.join()
    assert not freed
    qtbot.waitUntil(lambda: len(freed) == 5_000, timeout=10_000)
    assert set(freed) == {threading.main_thread().name}


def test_that_everything_is_collected_now_and_then(collecting: Collecting, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[int, ...]] = []
    monkeypatch.setattr(gc, "collect", lambda *generation: done.append(generation))
    monkeypatch.setattr(gc, "get_count", lambda: (10**6, 10**6, 10**6))
    collecting.look()
    assert done == [(1,)]
    collecting._last -= 3_600.0
    collecting.look()
    collecting.look()
    assert done == [(1,), (), (1,)]
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))
    collecting.look()
    assert len(done) == 3


def test_that_it_is_left_to_python_afterwards(qapp: object) -> None:
    before = gc.isenabled()
    made = Collecting()
    assert not gc.isenabled()
    made.end()
    assert gc.isenabled()
    if not before:
        gc.disable()
