"""*Ask me*: what is covered, the guess that is locked before anything is shown, and what is said of a wrong one.

One question is open at a time, whatever page it is about. A `Course` says which questions there are now and how it goes
on after them; the bar shows the question, and every page writes "?" for what is `hidden`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from playground.engine import ask
from playground.engine.ask import Question, Reason, Verdict
from playground.engine.asked import Asked
from playground.messages import UserError
from playground.ui.microscope.chain_lines import brief
from playground.ui.translation import tr

if TYPE_CHECKING:
    from playground.ui.microscope.head import PlayHead

#: After so many wrong guesses the step is worked.
MISSES = 2
_NOTHING: frozenset[Asked] = frozenset()


class Turn(Protocol):
    """One question: what it asks, with the mistakes that are known, and what must not be read while it is open."""

    @property
    def question(self) -> Question:
        """The right answer and the wrong ones."""

    @property
    def hidden(self) -> frozenset[Asked]:
        """All that would tell the answer."""

    def words(self) -> str:
        """The question as a sentence, in the language of the window."""


class Course(Protocol):
    """Questions that follow each other on one page.

    `steps` says that they are about the steps of the pass, and go with the play head.
    """

    steps: bool

    def turns(self) -> tuple[Turn, ...]:
        """The questions that there are now, in their order; none where nothing is to be worked out."""

    def go_on(self) -> bool:
        """After the last question: whether there are others now."""

    def ask_again(self) -> bool:
        """After a step that was worked: whether the same is asked with other numbers now."""


class Asking(QObject):
    """The question that is open.

    `changed`: something else is covered, or nothing any more, and all that is shown has to be written again; `said`:
    there is something new to be said of it. Where the play head moves only `said` is told, since all is written anyway.
    `begun`: somebody wants to be asked, and goes on with an answer.

    Attributes:
        course: where the questions come from; None while nothing is asked.
        number: how many questions have been put; another number is another question.
        locked, judged, refused: whether the answer is shown, what the last guess was worth, and why it was no number.
            Too few digits are no miss.
    """

    changed = Signal()
    said = Signal()
    begun = Signal()

    def __init__(self, head: PlayHead) -> None:
        super().__init__(head)
        self._head = head
        self.course: Course | None = None
        self._turns: tuple[Turn, ...] = ()
        self._place = self._misses = 0
        self.number = 0
        self.locked = False
        self.judged: Verdict | None = None
        self.refused = ""
        head.moved.connect(self._follow)
        head.pass_changed.connect(self._follow)
        head.target_changed.connect(self._follow)
        head.session.running_changed.connect(self._run)

    # --- what others may ask -----------------------------------------------------------------------

    @property
    def on(self) -> bool:
        """Whether questions are asked."""
        return self.course is not None

    @property
    def turn(self) -> Turn | None:
        """The question that is open, or answered and not yet left; None where nothing is asked here."""
        return self._turns[self._place] if self.on and self._place < len(self._turns) else None

    @property
    def covered(self) -> bool:
        """Whether what is asked for is still covered."""
        return self.turn is not None and not self.locked

    @property
    def hidden(self) -> frozenset[Asked]:
        """All that must be read nowhere now."""
        turn = self.turn
        return turn.hidden if turn is not None and not self.locked else _NOTHING

    def words(self) -> str:
        """The question."""
        turn = self.turn
        return turn.words() if turn is not None else tr("Nothing is to be worked out here: Step goes on.")

    def answer(self) -> str:
        """What is to be said of the last guess."""
        turn, verdict = self.turn, self.judged
        if verdict is None or turn is None:
            return self.refused
        said = tr(verdict.sentence)
        if self.locked and not verdict.right:
            said = tr("{said} It is {answer}.", said=said, answer=brief(turn.question.right))
        return said

    # --- the course of the questions ---------------------------------------------------------------

    def begin(self, course: Course, *turns: Turn) -> None:
        """Ask what comes first on a course, or these."""
        self._head.session.pause()
        self.course = course
        self._put(turns or course.turns())
        self.changed.emit()
        self.begun.emit()

    def end(self) -> None:
        """Ask no more."""
        if self.on:
            self.course, self._turns = None, ()
            self._put(())
            self.changed.emit()

    def again(self) -> None:
        """The numbers are others now: the same is asked anew."""
        if self.course is not None:
            self._put(self.course.turns(), self._place)

    def _run(self, running: bool) -> None:
        """In training the numbers are others before anybody has typed an answer."""
        if running:
            self.end()

    def _follow(self) -> None:
        """The play head is elsewhere, or its numbers are others."""
        if self.course is None or not self.course.steps:
            return
        if self._head.found is None:
            self.end()
        else:
            self._put(self.course.turns())

    def _put(self, turns: tuple[Turn, ...], place: int = 0) -> None:
        self.number += 1
        self._turns, self._place = turns, max(0, min(place, len(turns) - 1))
        self._misses, self.locked, self.judged, self.refused = 0, False, None, ""
        self.said.emit()

    def guess(self, typed: str) -> None:
        """Judge what was typed: what is right, or wrong for the second time, is locked and shown."""
        turn = self.turn
        if turn is None or self.locked or not typed.strip():
            return
        self.refused = ""
        try:
            self.judged = ask.judge(turn.question, typed)
        except UserError as error:
            self.judged, self.refused = None, tr(error.message)
            self.said.emit()
            return
        self._misses += self.judged.reason not in (Reason.RIGHT, Reason.COARSE)
        self.locked = self.judged.right or self._misses >= MISSES
        self.said.emit()
        if self.locked:
            self.changed.emit()

    @property
    def others(self) -> int:
        """How many other questions there are here."""
        return max(0, len(self._turns) - 1)

    def other(self, way: int = 1) -> None:
        """Another of the questions that there are here, instead of this one."""
        if self.covered and self.others:
            self._put(self._turns, (self._place + way) % len(self._turns))
            self.changed.emit()

    def go_on(self) -> None:
        """The next question, or the same with other numbers where it had to be worked; after the last it is over."""
        if self.course is None:
            return
        worked = self.judged is not None and not self.judged.right
        if worked and self.course.ask_again():
            return
        if self._place + 1 < len(self._turns):
            self._put(self._turns, self._place + 1)
            self.changed.emit()
        elif not self.course.go_on():
            self.end()
