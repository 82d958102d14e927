"""The undo commands: a document before and after, or one number before and after. They know ids and plain data only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from playground.document.model import Document
from playground.messages import Message
from playground.ui.translation import tr


class Command(QUndoCommand):
    """One user action. Commands of the same gesture (a slider drag, a node drag) merge into one step.

    Args:
        what: what the action did, for "Undo …".
        gesture: an object that stands for a drag under way, None where an action stands alone.
    """

    def __init__(self, what: Message, gesture: object | None = None) -> None:
        super().__init__(tr(what))
        self.what = what
        self.gesture = gesture

    def retranslate(self) -> None:
        """Say what the action did in the language of the window."""
        self.setText(tr(self.what))

    def id(self) -> int:
        """Qt offers commands of equal ids for merging; -1: never."""
        return -1 if self.gesture is None else 1


class EditCommand(Command):
    """A document before and one after; `apply` shows a document, and is called by redo and undo."""

    def __init__(
        self,
        what: Message,
        before: Document,
        after: Document,
        apply: Callable[[Document], None],
        gesture: object | None = None,
    ) -> None:
        super().__init__(what, gesture)
        self.before = before
        self.after = after
        self._apply = apply

    def redo(self) -> None:
        """Show the document after the action."""
        self._apply(self.after)

    def undo(self) -> None:
        """Show the document before the action."""
        self._apply(self.before)

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the end of a later command of the same gesture."""
        if not isinstance(other, EditCommand) or other.gesture is not self.gesture:
            return False
        self.after = other.after
        if self.after == self.before:
            self.setObsolete(True)
        return True


class ParameterCommand(Command):
    """One learned number before and after it was set by hand; `apply` puts a number in place."""

    def __init__(
        self, what: Message, before: float, after: float, apply: Callable[[float], None], gesture: object | None = None
    ) -> None:
        super().__init__(what, gesture)
        self.before = before
        self.after = after
        self._apply = apply

    def redo(self) -> None:
        """Put the new number in place."""
        self._apply(self.after)

    def undo(self) -> None:
        """Put the number back that was there."""
        self._apply(self.before)

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the end of a later command of the same gesture, and how it is called."""
        if not isinstance(other, ParameterCommand) or other.gesture is not self.gesture:
            return False
        self.after, self.what = other.after, other.what
        self.retranslate()
        return True
