"""*Ask me*: a factor of the chain is covered, a guess is typed and locked, and a wrong one is explained.

The question goes from factor to factor along one path, and last to their product. After two misses the step is worked.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from playground.engine import ask
from playground.engine.ask import Question, Verdict
from playground.engine.derivation import Derivation, Path
from playground.engine.exact import exact
from playground.engine.formulas import Number
from playground.engine.questions import about_factor, about_gradient
from playground.messages import UserError
from playground.ui.theme import GRID
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
        self._number: Number | None = None
        self._place = 0
        self._misses = 0
        self._locked = False
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
        self._derivation, self._number, self._place = derivation, derivation.number, 0
        self.show()
        self._put()

    def follow(self, derivation: Derivation | None) -> None:
        """The numbers are others now; another number ends the question."""
        if not self.asking:
            return
        if derivation is None or derivation.number != self._number:
            self.end()
        else:
            self._derivation = derivation

    def end(self) -> None:
        """Ask no more."""
        if self.asking:
            self.asking = False
            self.hide()
            self.changed.emit()

    def path(self, derivation: Derivation) -> tuple[Path, int | None]:
        """The path that is asked about, and the factor of it that is covered; None: only the product."""
        path = derivation.paths[0]
        open_ = self._locked or self._place >= len(path.factors)
        return path, None if open_ else self._place

    def _question(self) -> Question | None:
        derivation = self._derivation
        if derivation is None:
            return None
        factors = derivation.paths[0].factors if derivation.paths else ()
        if self._place < len(factors):
            return about_factor(derivation, factors[self._place])
        return about_gradient(derivation)

    def _put(self) -> None:
        """Ask."""
        question = self._question()
        if question is None:
            self.end()
            return
        self._misses, self._locked = 0, False
        self.words.setText(tr("What is {asked}?", asked=question.asked))
        self.guess.clear()
        self.guess.setReadOnly(False)
        self.verdict.clear()
        self.check.show()
        self.next.hide()
        self.guess.setFocus()
        self.changed.emit()

    def _enter(self) -> None:
        self._on() if self._locked else self._try()

    def _try(self) -> None:
        question = self._question()
        if question is None or not self.guess.text().strip():
            return
        try:
            verdict = ask.judge(question, self.guess.text())
        except UserError as error:
            self.verdict.setText(tr(error.message))
            return
        self._judged(question, verdict)

    def _judged(self, question: Question, verdict: Verdict) -> None:
        said = tr(verdict.sentence)
        if not verdict.right:
            self._misses += 1
        if not verdict.right and self._misses >= MISSES:
            said = tr("{said} It is {answer}.", said=said, answer=exact(question.right))
        self.verdict.setText(said)
        if verdict.right or self._misses >= MISSES:
            self._locked = True
            self.guess.setReadOnly(True)
            self.check.hide()
            self.next.show()
            self.next.setFocus()
            self.changed.emit()
        else:
            self.guess.selectAll()

    def _on(self) -> None:
        """The next factor; after the product it is over."""
        derivation = self._derivation
        last = len(derivation.paths[0].factors) if derivation is not None and derivation.paths else 0
        if self._place >= last:
            self.end()
        else:
            self._place += 1
            self._put()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.guess.setAccessibleName(tr("Your guess"))
        self.check.setText(tr("Check"))
        self.next.setText(tr("Next"))
        self.stop.setText(tr("Stop asking"))
        if self.asking and (question := self._question()) is not None:
            self.words.setText(tr("What is {asked}?", asked=question.asked))
