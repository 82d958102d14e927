"""Which view of the network is shown, and who has chosen it: only what a user chose is remembered."""

from __future__ import annotations

from playground.document.check import Problem
from playground.ui.canvas.view import CanvasView
from playground.ui.canvas.views import View
from playground.ui.session import Session
from playground.ui.settings import Settings


class ChosenView:
    """The view that was chosen; until one is, a newcomer meets the bare drawing, and *More* the neurons."""

    def __init__(self, settings: Settings, session: Session, canvas: CanvasView) -> None:
        self._settings, self._canvas = settings, canvas
        self._for_now = False
        canvas.view_changed.connect(self._keep)
        session.problems_changed.connect(self._show_problems)

    def show(self) -> None:
        """Go back to it."""
        self._canvas.set_view(self._view())

    def leave_drawing(self, view: View) -> None:
        """Where the bare drawing is shown show another view for now, which nobody has chosen."""
        if self._canvas.network_view == "drawing":
            self._for_now = True
            self._canvas.set_view(view)
            self._for_now = False

    def _view(self) -> View:
        return self._settings.view or ("neurons" if self._settings.more else "drawing")

    def _keep(self, view: View) -> None:
        if view != self._view() and not self._for_now:
            self._settings.view = view

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        """A network is mended on the cards: there are the ports, and the notes with the remedies."""
        if problems:
            self.leave_drawing("neurons")
