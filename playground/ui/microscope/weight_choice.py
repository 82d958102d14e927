"""Which weight or bias the loss is drawn along, and over which second one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from playground.engine.derivation import place_of
from playground.engine.formulas import Number
from playground.engine.optimizers import frozen_mask, weight_mask
from playground.engine.passes import Pass
from playground.engine.program import Program
from playground.engine.symbols import Symbols
from playground.ui.translation import tr
from playground.ui.widgets.choice import DropDown
from playground.ui.widgets.segmented import Segmented

#: Of more numbers only these many are offered: those with the largest gradients.
MOST_OFFERED = 400


class WeightChoice(QObject):
    """One weight or two, and which: three controls for whoever lays them out.

    `changed` says that the user chose; `first_chosen` carries another first one.
    """

    changed = Signal()
    first_chosen = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.count = Segmented("-", [("one", "-"), ("two", "-")])
        self.first, self.second = DropDown(), DropDown()
        self._number: Number | None = None
        self._other: Number | None = None
        self._offered_of: tuple[Program, Symbols] | None = None
        self._names: dict[Number, str] = {}
        self._firsts: list[Number] = []
        self._seconds: list[Number] = []
        self.second.hide()
        self.count.chosen.connect(self._take_count)
        self.first.activated.connect(lambda place: self.first_chosen.emit(self._firsts[place]))
        self.second.activated.connect(self._take_second)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """What was chosen: none, one or two."""
        if self._number is None:
            return ()
        two = self.count.choice() == "two" and self._other is not None
        return (self._number, self._other) if two and self._other is not None else (self._number,)

    def follow(self, found: Pass | None, symbols: Symbols | None, target: Number | None) -> None:
        """Offer the numbers of a pass; `target` is the one that the reader has, without it the first is taken."""
        if found is None or symbols is None or not found.program.parameters:
            self._number = self._other = None
            self._enable(False)
            return
        self._enable(True)
        first = found.program.parameters[0]
        number = target or (first.name, (0,) * len(first.shape))
        if self._other == number:
            self._other = self._number
        self._number = number
        if self._other == number or not _has(found.program, self._other):
            self._other = second_beside(found, number)
        needed = [one for one in (number, self._other) if one is not None]
        if (found.program, symbols) != self._offered_of or not set(needed) <= set(self._firsts):
            # The same list stays while the network is the same, whatever its gradients become.
            self._firsts, self._offered_of = offered_of(found, needed), (found.program, symbols)
            self._names = {one: symbols.parameter(*one).text for one in self._firsts}
        self._seconds = [one for one in self._firsts if one != number]
        _fill(self.first, [self._names[one] for one in self._firsts], self._firsts.index(number))
        place = self._seconds.index(self._other) if self._other is not None else -1
        _fill(self.second, [self._names[one] for one in self._seconds], place)
        self.count.set_available("two", self._other is not None)
        if self._other is None:
            self.count.set_choice("one")
        self.second.setVisible(self.count.choice() == "two")

    def set_two(self, on: bool) -> None:
        """Have two numbers, or one."""
        count = "two" if on else "one"
        if count != self.count.choice():
            self.count.set_choice(count)
            self._take_count(count)

    def _enable(self, on: bool) -> None:
        for control in (self.count, self.first, self.second):
            control.setEnabled(on)

    def _take_count(self, count: str) -> None:
        self.second.setVisible(count == "two")
        self.changed.emit()

    def _take_second(self, place: int) -> None:
        self._other = self._seconds[place]
        self.changed.emit()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.count.setAccessibleName(tr("Along how many weights the loss is drawn"))
        self.count.set_words([("one", tr("One weight")), ("two", tr("Two weights"))])
        self.count.segment("one").setToolTip(tr("The loss as a curve along one weight"))
        self.count.segment("two").setToolTip(tr("The loss as a surface over two weights, seen from above"))
        self.first.setAccessibleName(tr("Weight or bias along which the loss is drawn"))
        self.second.setAccessibleName(tr("Second weight or bias of the surface"))


def second_beside(found: Pass, number: Number) -> Number | None:
    """The weight with the largest gradient beside another, of those that move; the last of equals, and else a bias."""
    program, frozen = found.program, frozen_mask(found.program)
    if program.size < 2:
        return None
    rank = weight_mask(program)
    if frozen is not None:
        rank[frozen] -= 2.0
    rank[place_of(program, number)] = -np.inf
    steep = np.nan_to_num(np.abs(_gradient(found)), nan=0.0)
    steep[rank < rank.max()] = -1.0
    return _number_at(program, len(steep) - 1 - int(steep[::-1].argmax()))


def offered_of(found: Pass, needed: list[Number]) -> list[Number]:
    """The numbers that can be chosen, in the order of the network."""
    program = found.program
    places = np.arange(program.size)
    if program.size > MOST_OFFERED:
        steep = np.abs(_gradient(found))
        places = np.sort(np.argpartition(np.nan_to_num(steep, nan=0.0), -MOST_OFFERED)[-MOST_OFFERED:])
    numbers = [_number_at(program, place) for place in places.tolist()]
    return [*numbers, *(one for one in needed if one not in numbers)]


def _gradient(found: Pass) -> np.ndarray:
    return found.program.flat({name: one.gradient for name, one in found.trace.parameters.items()})


def _number_at(program: Program, place: int) -> Number:
    one = next(one for one in program.parameters if place < program.slices[one.name].stop)
    index = np.unravel_index(place - program.slices[one.name].start, one.shape)
    return one.name, tuple(int(k) for k in index)


def _has(program: Program, number: Number | None) -> bool:
    if number is None:
        return False
    shape = next((one.shape for one in program.parameters if one.name == number[0]), ())
    return len(shape) == len(number[1]) and all(k < size for k, size in zip(number[1], shape, strict=True))


def _fill(down: DropDown, texts: list[str], current: int) -> None:
    """Offer these, where they are not offered already."""
    if texts != [down.itemText(place) for place in range(down.count())]:
        down.clear()
        down.addItems(texts)
    down.setCurrentIndex(current)
