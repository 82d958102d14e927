"""*Ask me*: a factor of the chain is covered, a guess is typed and locked, and a wrong one is explained.

What is asked, and in which order, is the business of `asking`. After two misses the step is worked.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from playground.engine import ask
from playground.engine.ask import Verdict
from playground.engine.derivation import Derivation
from playground.engine.exact import Write
from playground.messages import UserError
from playground.ui.microscope import asking
from playground.ui.microscope.chain_lines import brief
from playground.ui.microscope.equation_view import MathLine
from playground.ui.theme import GRID, themes
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip, PrimaryButton

#: After so many wrong guesses the step is worked.
MISSES = 2


class AskBar(QWidget):
    """The question under the equations. `changed`: another thing is covered, or nothing any more."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._derivation: Derivation | None = None
        self._turns: tuple[asking.Turn, ...] = ()
        self._place = self._misses = 0
        self._locked = False
        self._judged: Verdict | None = None
        self._refused = ""
        self.asking = False
        self.words, self.verdict = QLabel(), QLabel()
        self.verdict.setWordWrap(True)
        self.guess = QLineEdit()
        self.guess.setFixedWidth(120)
        self.check, self.next, self.stop = PrimaryButton(), PrimaryButton(), Chip()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID)
        for widget in (self.words, self.guess, self.check, self.next):
            row.addWidget(widget)
        row.addWidget(self.verdict, 1)
        row.addWidget(self.stop)
        self.guess.returnPressed.connect(self._enter)
        self.check.clicked.connect(self._try)
        self.next.clicked.connect(self._on)
        self.stop.clicked.connect(self.end)
        self.retranslate()

    # --- the course of the questions ---------------------------------------------------------------

    def begin(self, derivation: Derivation) -> None:
        """Ask about the first factor of this derivation."""
        self.asking = True
        self._derivation, self._turns, self._place = derivation, asking.turns(derivation), 0
        self.show()
        self._put()
        self.guess.setFocus()

    def follow(self, derivation: Derivation | None) -> None:
        """The numbers are others now, so that the same is asked anew; another number ends the question."""
        if not self.asking or derivation is self._derivation:
            return
        known = self._derivation
        if derivation is None or known is None or derivation.number != known.number:
            self.end()
            return
        self._derivation, self._turns = derivation, asking.turns(derivation)
        self._place = min(self._place, len(self._turns) - 1)
        self._put()

    def end(self) -> None:
        """Ask no more."""
        if self.asking:
            self.asking, self._derivation = False, None
            self.hide()
            self.changed.emit()

    def line(self, write: Write) -> MathLine | None:
        """The line that is asked about, with what is asked for covered until the guess is locked."""
        if not self.asking or self._derivation is None:
            return None
        return asking.line(self._derivation, self._turns[self._place], write, covered=not self._locked)

    def _put(self) -> None:
        """Ask."""
        self._misses, self._locked, self._judged, self._refused = 0, False, None, ""
        self.guess.clear()
        self.guess.setReadOnly(False)
        self.check.show()
        self.next.hide()
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        """The question, and what is to be said of the last guess."""
        if self._derivation is None:
            return
        self.words.setText(asking.words(self._derivation, self._turns[self._place]))
        theme, verdict = themes.current(), self._judged
        said = self._refused if verdict is None else tr(verdict.sentence)
        if verdict is not None and not verdict.right and self._locked:
            right = asking.question(self._derivation, self._turns[self._place]).right
            said = tr("{said} It is {answer}.", said=said, answer=brief(right))
        self.verdict.setText(said)
        right_or_not = theme.ok if verdict is not None and verdict.right else theme.text
        self.verdict.setStyleSheet(f"color: {right_or_not.name()};")

    def _enter(self) -> None:
        self._on() if self._locked else self._try()

    def _try(self) -> None:
        if self._derivation is None or self._locked or not self.guess.text().strip():
            return
        self._refused = ""
        try:
            self._judged = ask.judge(asking.question(self._derivation, self._turns[self._place]), self.guess.text())
        except UserError as error:
            self._judged, self._refused = None, tr(error.message)
            self._say()
            return
        self._misses += not self._judged.right
        self._locked = self._judged.right or self._misses >= MISSES
        self._say()
        if self._locked:
            self.guess.setReadOnly(True)
            self.check.hide()
            self.next.show()
            self.next.setFocus()
            self.changed.emit()
        else:
            self.guess.selectAll()

    def _on(self) -> None:
        """The next question; after the last it is over."""
        if self._place + 1 >= len(self._turns):
            self.end()
        else:
            self._place += 1
            self._put()
            self.guess.setFocus()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.guess.setAccessibleName(tr("Your guess"))
        self.check.setText(tr("Check"))
        self.next.setText(tr("Next"))
        self.stop.setText(tr("Stop asking"))
        self._refused = ""
        self._say()

    def restyle(self) -> None:
        """The theme has changed."""
        self._say()
