"""What the window asks of the trainer besides training: numbers, pictures, copies, and a look at one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playground.data.table import Array
from playground.engine.passes import Pass
from playground.engine.state import State
from playground.training import orders
from playground.training.plan import Plan
from playground.training.snapshot import Captured, Examined
from playground.ui.hand import Hand


class Questions:
    """A part of `Session`."""

    _tell: Callable[[orders.Order], None]
    _question: Iterator[int]
    _hand: Hand

    def _ask(self, tell: Callable[[orders.Order], None], numbers: Iterator[int], hand: Hand) -> None:
        """Be ready to ask by `tell`; every question has a number of its own."""
        self._tell, self._question, self._hand = tell, numbers, hand
        self._captures: dict[int, Callable[[Plan, State], None]] = {}
        self._examinations: dict[int, Callable[[Plan | None, Pass | None], None]] = {}

    def _answer(self, event: Captured | Examined) -> None:
        """Hand an answer to whoever asked."""
        if isinstance(event, Captured):
            self._captures.pop(event.number)(event.plan, event.state)
        else:
            self._examinations.pop(event.number)(event.plan, event.found)

    def set_parameter(self, name: str, index: tuple[int, ...], value: float, gesture: object | None = None) -> bool:
        """Set one learned number, as one undo step; its effect is seen at once, also while nothing trains.

        Numbers of one gesture merge. *Reset* goes back to the initial weights, without it. Returns whether it was set.
        """
        return self._hand.set(name, index, value, gesture)

    def initial_value(self, name: str, index: tuple[int, ...]) -> float | None:
        """A number as it was before the first update; None where there is none."""
        return self._hand.initial(name, index)

    def set_plane(self, inputs: Array, coarse: Array | None = None) -> int:
        """Have snapshots evaluate these scaled inputs, [rows, features], from now on; returns the plane's number.

        `coarse` are fewer rows of the same plane, on which `show_maps` looks at single units.
        """
        number = next(self._question)
        self._tell(orders.SetPlane(number, inputs, coarse))
        return number

    def show_maps(self, nodes: tuple[str, ...]) -> None:
        """Have snapshots hold the output of every unit of these nodes on the coarse plane, from now on."""
        self._tell(orders.ShowMaps(nodes))

    def show_unit(self, unit: tuple[str, int] | None) -> None:
        """Have snapshots hold the output of one unit of a node on the whole plane; None: no longer."""
        self._tell(orders.ShowUnit(unit))

    def capture(self, receive: Callable[[Plan, State], None]) -> None:
        """Call `receive` soon, on this thread, with a copy of the state between two updates and its plan."""
        number = next(self._question)
        self._captures[number] = receive
        self._tell(orders.Capture(number))

    def examine(self, rows: tuple[int, ...] | None, receive: Callable[[Plan | None, Pass | None], None]) -> None:
        """Call `receive` soon with a pass over these training rows (None: over the batch that comes next).

        It starts at the present weights and changes nothing; both are None where there is no network or no such row.
        """
        number = next(self._question)
        self._examinations[number] = receive
        self._tell(orders.Examine(number, rows))
