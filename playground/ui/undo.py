"""The one undo command: a document before and one after. It knows ids and plain data, never graphics items."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from playground.document.model import Document
from playground.messages import Message
from playground.ui.translation import tr


class EditCommand(QUndoCommand):
    """One user action. Commands of the same gesture (a slider drag, a node drag) merge into one step.

    Args:
        what: what the action did, for "Undo …".
        apply: shows a document; called by redo and undo.
        gesture: an object that stands for a drag under way, None where an action stands alone.
    """

    def __init__(
        self,
        what: Message,
        before: Document,
        after: Document,
        apply: Callable[[Document], None],
        gesture: object | None = None,
    ) -> None:
        super().__init__(tr(what))
        self._what = what
        self.before = before
        self.after = after
        self._apply = apply
        self._gesture = gesture

    def retranslate(self) -> None:
        """Say what the action did in the language of the window."""
        self.setText(tr(self._what))

    def redo(self) -> None:
        """Show the document after the action."""
        self._apply(self.after)

    def undo(self) -> None:
        """Show the document before the action."""
        self._apply(self.before)

    def id(self) -> int:
        """Qt offers commands of equal ids for merging; -1: never."""
        return -1 if self._gesture is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the end of a later command of the same gesture."""
        if not isinstance(other, EditCommand) or other._gesture is not self._gesture:
            return False
        self.after = other.after
        if self.after == self.before:
            self.setObsolete(True)
        return True
