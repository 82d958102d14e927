"""A thread that works out what was asked for last, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from playground.ui.microscope.lookout import Lookout, Stop

PATIENCE = 20.0


@pytest.fixture
def lookout() -> Iterator[Lookout[str]]:
    lookout: Lookout[str] = Lookout("test")
    yield lookout
    lookout.close()


class Held:
    """Work that says one part, waits until it is let go or stopped, and says another."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.begun, self.ended, self.free = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, stop: Stop) -> Iterator[str]:
        yield f"{self.name} coarse"
        self.begun.set()
        while not stop() and not self.free.is_set():
            self.free.wait(0.001)
        yield f"{self.name} fine"
        self.ended.set()


def until_idle(lookout: Lookout[str]) -> list[str]:
    """Everything that is taken until nothing more comes."""
    taken = []
    while lookout.busy:
        found = lookout.take()
        if found is not None:
            taken.append(found)
    return taken


def test_that_an_answer_comes_in_parts(lookout: Lookout[str]) -> None:
    work = Held("a")
    lookout.ask(work)
    assert work.begun.wait(PATIENCE)
    assert lookout.take() == "a coarse"
    assert lookout.take() is None
    assert lookout.busy
    work.free.set()
    assert until_idle(lookout) == ["a fine"]


def test_that_the_latest_question_drops_the_one_before(lookout: Lookout[str]) -> None:
    first, second = Held("first"), Held("second")
    lookout.ask(first)
    assert first.begun.wait(PATIENCE)
    lookout.ask(second)
    assert second.begun.wait(PATIENCE), "the first one was not stopped"
    second.free.set()
    assert until_idle(lookout)[-1] == "second fine"
    assert not first.free.is_set()


def test_that_nothing_of_an_older_question_is_ever_taken(lookout: Lookout[str]) -> None:
    first, second = Held("first"), Held("second")
    lookout.ask(first)
    assert first.begun.wait(PATIENCE)
    second.free.set()
    lookout.ask(second)
    assert all(part.startswith("second") for part in until_idle(lookout))


def test_that_a_question_between_two_others_is_not_even_begun(lookout: Lookout[str]) -> None:
    first, between, last = Held("first"), Held("between"), Held("last")
    lookout.ask(first)
    assert first.begun.wait(PATIENCE)
    with lookout._changed:
        lookout.ask(between)
        lookout.ask(last)
    last.free.set()
    until_idle(lookout)
    assert last.begun.is_set()
    assert not between.begun.is_set()


def test_that_what_is_dropped_is_forgotten(lookout: Lookout[str]) -> None:
    work = Held("a")
    lookout.ask(work)
    assert work.begun.wait(PATIENCE)
    lookout.drop()
    assert not lookout.busy
    assert lookout.take() is None


def test_that_work_that_fails_is_reported_and_the_next_question_answered(
    lookout: Lookout[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda failed: reported.append(failed.exc_value))
    error = ArithmeticError("no such height")

    def failing(_stop: Stop) -> Iterator[str]:
        yield "coarse"
        raise error

    lookout.ask(failing)
    assert until_idle(lookout) == ["coarse"]
    assert reported == [error]
    work = Held("a")
    work.free.set()
    lookout.ask(work)
    assert until_idle(lookout)[-1] == "a fine"


def test_that_closing_stops_and_joins_the_thread() -> None:
    lookout: Lookout[str] = Lookout("closing test")
    work = Held("a")
    lookout.ask(work)
    assert work.begun.wait(PATIENCE)
    lookout.close()
    assert all(thread.name != "closing test" for thread in threading.enumerate())
    lookout.ask(work)
    assert not lookout.busy
    lookout.close()


def test_that_one_that_was_never_asked_closes_too() -> None:
    Lookout[str]("idle").close()
    assert all(thread.name != "idle" for thread in threading.enumerate())
