"""Learned numbers set by hand: typed, dragged, or put back to where they began."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtGui import QUndoStack

from playground.document.catalog import title
from playground.engine.state import State
from playground.messages import Message, message
from playground.training import orders
from playground.training.carry import has_index
from playground.training.plan import Plan
from playground.training.snapshot import Snapshot
from playground.ui.translation import number_text
from playground.ui.undo import ParameterCommand

#: No weight of use is larger; a slip of the keyboard may be.
LARGEST = 1e6


class Hand:
    """Sets numbers of the network that is in place; each is one undo step."""

    def __init__(
        self,
        stack: QUndoStack,
        tell: Callable[[orders.Order], None],
        refuse: Callable[[Message], None],
        latest: Callable[[], Snapshot | None],
    ) -> None:
        self._stack, self._tell, self._refuse, self._latest = stack, tell, refuse, latest
        self._initial: tuple[Plan, State] | None = None
        #: The last order for each number that was set, and the number it put there.
        self._told: dict[tuple[str, tuple[int, ...]], tuple[int, float]] = {}
        self._orders = 0

    def set(self, name: str, index: tuple[int, ...], value: float, gesture: object | None = None) -> bool:
        """Set one number; returns whether it was. One that is not there, or absurdly large, is not."""
        before = self.value(name, index)
        if before is None:
            return False
        if not math.isfinite(value) or abs(value) > LARGEST:
            self._refuse(message("A weight must be a number between −1,000,000 and 1,000,000."))
            return False
        if value == before and gesture is None:
            # A drag is one step also where it comes back to where it began, so that Esc may always take it back.
            return False
        self._stack.push(
            ParameterCommand(
                self._words(name, index, value),
                before,
                value,
                lambda number: self._put(name, index, number),
                gesture,
            )
        )
        return True

    def _put(self, name: str, index: tuple[int, ...], value: float) -> None:
        self._orders += 1
        self._told[name, index] = self._orders, value
        self._tell(orders.SetParameter(name, index, value, self._orders))

    def value(self, name: str, index: tuple[int, ...]) -> float | None:
        """The number as it is shown, or as it will be as soon as what was told is carried out; None: there is none."""
        snapshot = self._latest()
        if snapshot is None:
            return None
        if snapshot.by_hand >= self._orders:
            self._told.clear()
        shown = _number(snapshot.plan, snapshot.values, name, index)
        order, told = self._told.get((name, index), (0, 0.0))
        return told if shown is not None and order > snapshot.by_hand else shown

    def initial(self, name: str, index: tuple[int, ...]) -> float | None:
        """The number as it was before the first update; None where there is none."""
        snapshot = self._latest()
        if snapshot is None:
            return None
        if self._initial is None or self._initial[0] is not snapshot.plan:
            self._initial = snapshot.plan, snapshot.plan.initial_state()
        return _number(snapshot.plan, self._initial[1].values, name, index)

    def _words(self, name: str, index: tuple[int, ...], value: float) -> Message:
        snapshot = self._latest()
        node, _, role = name.rpartition(".")
        assert snapshot is not None
        called, number = title(snapshot.plan.document.network.node(node)), number_text(value)
        if role == "bias":
            return message("set a bias of {node} to {value}", node=called, value=number)
        return message("set a weight of {node} to {value}", node=called, value=number)


def _number(plan: Plan, values: object, name: str, index: tuple[int, ...]) -> float | None:
    view = plan.program.views(values).get(name)  # type: ignore[arg-type]
    return None if view is None or not has_index(view.shape, index) else float(view[index])
