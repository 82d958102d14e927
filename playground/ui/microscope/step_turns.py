"""The questions about the steps of a pass: what the present step comes to, or any one number that was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from playground.engine.ask import Question
from playground.engine.asked import Asked, can_be_asked, covering, is_reached, symbol_of
from playground.engine.passes import Pass
from playground.engine.step_questions import about
from playground.engine.symbols import Symbols
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.step_words import shown
from playground.ui.translation import tr


@dataclass(frozen=True, eq=False)
class StepTurn:
    """One number of a row of a pass."""

    done: Pass
    asked: Asked
    row: int
    symbols: Symbols

    @cached_property
    def question(self) -> Question:
        """The number, and the mistakes that are known."""
        return about(self.done, self.asked, self.row, self.symbols)

    @cached_property
    def hidden(self) -> frozenset[Asked]:
        """The number under all of its names."""
        return covering(self.done, self.asked, self.row, self.symbols)

    def words(self) -> str:
        """The question as a sentence."""
        name, several = symbol_of(self.asked, self.symbols).text, self.done.samples > 1
        match self.asked.sort:
            case "local":
                return tr("What is the local slope {asked}?", asked=name)
            case "passed":
                return tr("What is passed on, {asked}?", asked=name)
            case "arriving":
                return tr("What arrives, {asked}?", asked=name)
            case "new":
                return tr("What is the new {asked}?", asked=name)
            case "step":
                return tr("How far does {asked} move?", asked=name)
            case "share" if several:
                return tr("What is the share of this row in the mean?")
            case "gradient" if several:
                return tr("What is {asked}, the mean over the rows?", asked=name)
            case "loss" if several:
                return tr("What is {asked} of this row?", asked=name)
        return tr("What is {asked}?", asked=name)


@dataclass(frozen=True, eq=False)
class StepCourse:
    """Step by step; `row` says which row of the present step's table is looked at."""

    reader: Reader
    row: Callable[[], int]
    steps = True

    def turns(self) -> tuple[StepTurn, ...]:
        """What the present step comes to."""
        if self.reader.found is None:
            return ()
        found = (turn_of(self.reader, asked) for asked in shown(self.reader, chosen=self.row()).asks)
        return tuple(turn for turn in found if turn is not None)

    def ask_again(self) -> bool:
        """The same step of another row, or of another unit."""
        reader = self.reader
        if reader.found is not None and reader.found.samples > 1:
            reader.show_row((reader.row + 1) % reader.found.samples)
        elif reader.units > 1:
            reader.show_unit((reader.unit + 1) % reader.units)
        else:
            return False
        return True

    def go_on(self) -> bool:
        """To the next step, until the pass is over."""
        if self.reader.at_end:
            return False
        self.reader.forward()
        return True


def turn_of(reader: Reader, asked: Asked | None) -> StepTurn | None:
    """The question about one number; None where there is nothing to be worked out, or not yet."""
    if asked is None or reader.found is None or not is_reached(reader.found, asked, reader.known):
        return None
    if not can_be_asked(reader.found, asked, reader.row, reader.symbols):
        return None
    return StepTurn(reader.found, asked, reader.row, reader.symbols)


def ask_here(reader: Reader, row: Callable[[], int]) -> None:
    """Ask what the present step comes to; at the start, what the first one does."""
    if reader.found is not None:
        if not reader.done:
            reader.forward()
        reader.asking.begin(StepCourse(reader, row))


def ask_for(reader: Reader, asked: Asked | None, row: Callable[[], int]) -> None:
    """Ask for one number, where it can be asked for."""
    turn = turn_of(reader, asked)
    if turn is not None:
        reader.asking.begin(StepCourse(reader, row), turn)
