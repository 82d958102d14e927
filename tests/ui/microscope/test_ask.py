"""Ask me: factors, products, sums and means are covered; guesses are locked, and each mistake has its own sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from looking import Looker, lecture, stack
from PySide6.QtTest import QTest

from playground.data.table import Array
from playground.document.model import Document
from playground.ui.microscope.ask_bar import AskBar
from playground.ui.microscope.asking import Asking
from playground.ui.microscope.chain_page import ChainPage
from playground.ui.microscope.chain_turns import ChainTurn, turns
from playground.ui.translation import set_language


@dataclass
class Desk:
    """The page of the chain rule, and the bar in which its questions are answered."""

    page: ChainPage
    bar: AskBar
    asking: Asking

    @property
    def turn(self) -> ChainTurn:
        assert isinstance(self.asking.turn, ChainTurn)
        return self.asking.turn


@pytest.fixture
def desk(looker: Looker, qtbot) -> Iterator[Desk]:
    looker.open(lecture())
    looker.begin((0,))
    page, bar = ChainPage(looker.reader), AskBar(looker.reader.asking)
    for widget in (page, bar):
        qtbot.addWidget(widget)
    page.resize(700, 300)
    page.show()
    qtbot.waitExposed(page)
    yield Desk(page, bar, looker.reader.asking)
    page.hide()


def said(desk: Desk) -> str:
    return desk.page.equations.text()


def guess(desk: Desk, typed: str) -> str:
    """What is answered to a guess."""
    desk.bar.guess.setText(typed)
    desk.bar.check.click()
    return desk.bar.verdict.text()


def go_to(desk: Desk, asks: str) -> None:
    """Guess right until this is asked for."""
    desk.page.ask()
    while desk.turn.asks != asks:
        guess(desk, repr(desk.turn.question.right))
        desk.bar.next.click()


def test_that_a_factor_is_covered_and_a_wrong_guess_gets_its_own_sentence(desk: Desk) -> None:
    desk.page.ask()
    bar = desk.bar
    assert said(desk) == "∂L/∂w₁ = ∂L/∂Q · ∂Q/∂P · ∂P/∂w₁ = ? · 2 · 1 = ?"
    assert "∂L/∂Q" in bar.words.text()
    QTest.keyClicks(bar.guess, "-3")
    bar.check.click()
    assert "sign" in bar.verdict.text()
    assert not bar.guess.isReadOnly()
    bar.guess.setText("3")
    bar.check.click()
    assert bar.guess.isReadOnly(), "a right guess is locked"
    assert said(desk).endswith("= 3 · 2 · 1 = ?")
    bar.next.click()
    assert said(desk).endswith("= 3 · ? · 1 = ?")


def test_that_after_two_misses_the_step_is_worked(desk: Desk) -> None:
    desk.page.ask()
    for guess in ("100", "200"):
        desk.bar.guess.setText(guess)
        desk.bar.check.click()
    assert desk.bar.guess.isReadOnly()
    assert "It is 3." in desk.bar.verdict.text()


def test_that_the_product_is_asked_last_and_its_mistakes_are_known(desk: Desk) -> None:
    desk.page.ask()
    bar = desk.bar
    for right in ("3", "2", "1"):
        bar.guess.setText(right)
        bar.check.click()
        bar.next.click()
    assert "∂L/∂w₁" in bar.words.text()
    bar.guess.setText("-6")
    bar.check.click()
    assert bar.verdict.text() == "The size is right, the sign is not."
    bar.guess.setText("6")
    bar.check.click()
    assert said(desk).endswith("= 3 · 2 · 1 = 6")
    bar.next.click()
    assert not desk.asking.on
    assert said(desk).splitlines()[0].endswith("= 6")


def test_that_what_is_no_number_is_refused_without_a_miss(desk: Desk) -> None:
    desk.page.ask()
    desk.bar.guess.setText("three")
    desk.bar.check.click()
    assert "no number" in desk.bar.verdict.text()
    assert not desk.bar.guess.isReadOnly()


def test_that_another_weight_ends_the_question(desk: Desk, looker: Looker) -> None:
    desk.page.ask()
    looker.reader.choose("Q.weight", (0, 0))
    assert not desk.asking.on
    assert desk.bar.isHidden()


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("P.weight", "-6", "The size is right, the sign is not."),
        ("P.weight", "2", "The factor ∂L/∂Q is missing."),
        ("P.weight", "12", "Twice too large: the ½ of the loss takes the 2 of the square away."),
        ("Q.weight", "24", "A factor too many: the way to w₃ does not lead through P."),
        ("Q.weight", "4", "4 is the local slope alone: multiply it by the 3 that arrives."),
        ("Q.weight", "3", "3 is what arrives: multiply it by the local slope, 4."),
        ("Q.weight", "7", "Not yet. Look at what arrives here and at the slope of this step alone."),
    ],
)
def test_that_each_mistake_has_its_own_sentence(desk: Desk, looker: Looker, name: str, typed: str, told: str) -> None:
    looker.reader.choose(name, (0, 0))
    go_to(desk, "row")
    assert guess(desk, typed) == told
    assert said(desk).endswith("= ?")


def test_that_a_locked_guess_cannot_be_changed_and_enter_goes_on(desk: Desk) -> None:
    desk.page.ask()
    bar = desk.bar
    QTest.keyClicks(bar.guess, "3")
    QTest.keyClick(bar.guess, "\r")
    assert bar.verdict.text() == "Right."
    QTest.keyClicks(bar.guess, "9")
    assert bar.guess.text() == "3"
    QTest.keyClick(bar.guess, "\r")
    assert "∂Q/∂P" in bar.words.text()


def test_that_one_path_of_several_is_not_called_the_gradient(desk: Desk, looker: Looker) -> None:
    looker.open(stack(2, 3))
    looker.begin((0,))
    desk.page.ask()
    assert not said(desk).startswith("∂L/∂w"), "there are three paths"
    go_to(desk, "path")
    derivation = desk.page._derivation
    assert derivation is not None
    assert guess(desk, repr(-derivation.paths[0].value)) == "The size is right, the sign is not."
    assert guess(desk, repr(derivation.paths[0].value)) == "Right."
    desk.bar.next.click()
    assert said(desk).startswith("∂L/∂w")
    assert said(desk).count(" + ") == 2
    assert guess(desk, repr(derivation.paths[1].value)) == "That is one path alone: add all 3 of them."
    assert guess(desk, repr(derivation.value)) == "Right."


def test_that_the_mean_over_a_few_rows_is_asked_for_after_the_row(desk: Desk, looker: Looker) -> None:
    looker.open(stack(1, 2, batch_size=3))
    found = looker.begin()
    go_to(desk, "row")
    derivation = desk.page._derivation
    assert derivation is not None
    assert "of this row" in desk.bar.words.text()
    assert guess(desk, repr(derivation.value)) == "Right."
    desk.bar.next.click()
    assert said(desk).endswith("/ 3 = ?")
    mean = float(found.trace.parameters["h1.weight"].gradient[0, 0])
    assert "divide by 3" in guess(desk, repr(3.0 * mean))
    assert guess(desk, repr(mean)) == "Right."
    desk.bar.next.click()
    assert not desk.asking.on


@pytest.mark.parametrize(
    ("document", "kinds"),
    [
        (stack(1, 2, batch_size=50), ["factor"] * 4 + ["row"]),
        (stack(2, 8, batch_size=1), ["factor"] * 6 + ["path"]),
        (stack(6, 8, batch_size=1), ["row"]),
    ],
    ids=["many rows", "many paths", "too many paths"],
)
def test_that_what_no_paper_has_room_for_is_not_asked(
    desk: Desk, looker: Looker, document: Document, kinds: list[str]
) -> None:
    looker.open(document)
    looker.begin()
    derivation = desk.page._derivation
    assert derivation is not None
    assert [turn.asks for turn in turns(derivation)] == kinds


def test_that_the_answer_is_covered_where_there_are_too_many_paths(desk: Desk, looker: Looker) -> None:
    looker.open(stack(6, 8))
    looker.begin((0,))
    desk.page.ask()
    assert said(desk).endswith(" = ?")
    assert "\n" not in said(desk)
    derivation = desk.page._derivation
    assert derivation is not None
    assert guess(desk, repr(derivation.value)) == "Right."
    assert not said(desk).endswith("?")


def test_that_the_same_is_asked_anew_when_the_numbers_have_changed(desk: Desk, looker: Looker) -> None:
    desk.page.ask()
    assert guess(desk, "3") == "Right."
    before: Array = looker.found.before.values
    looker.reader.finish_batch()
    looker.settle()
    assert (looker.found.before.values != before).any()
    bar = desk.bar
    assert desk.asking.on
    assert not bar.guess.isReadOnly()
    assert bar.guess.text() == bar.verdict.text() == ""
    assert "∂L/∂Q" in bar.words.text()


def test_that_stepping_on_leaves_the_question_alone(desk: Desk, looker: Looker) -> None:
    desk.page.ask()
    guess(desk, "-3")
    looker.reader.forward()
    assert desk.bar.guess.text() == "-3"
    assert "sign" in desk.bar.verdict.text()


def test_that_the_question_and_what_was_said_are_said_in_the_other_language(desk: Desk) -> None:
    desk.page.ask()
    guess(desk, "-3")
    set_language("ko")
    desk.page.retranslate()
    desk.bar.retranslate()
    assert desk.bar.words.text() == "∂L/∂Q은(는) 얼마입니까?"
    assert desk.bar.verdict.text() == "크기는 맞지만 부호가 틀렸습니다."
    assert desk.bar.guess.text() == "-3"


def test_that_the_worked_answer_has_as_many_digits_as_the_line(desk: Desk, looker: Looker) -> None:
    looker.open(stack(1, 3))
    looker.begin((0,))
    desk.page.ask()
    guess(desk, "100")
    told = guess(desk, "200")
    assert f"It is {said(desk).split(' = ')[2].split(' · ')[0].strip('()')}." in told


def test_that_a_question_that_nobody_sees_is_over(desk: Desk) -> None:
    desk.page.ask()
    desk.page.hide()
    assert not desk.asking.on
    desk.page.show()
    assert said(desk).splitlines()[0].endswith("= 6")


def test_that_a_worked_factor_is_asked_again_of_another_row(desk: Desk, looker: Looker) -> None:
    looker.open(stack(1, 2, batch_size=3))
    looker.begin()
    desk.page.ask()
    guess(desk, repr(desk.turn.question.right))
    desk.bar.next.click()
    asked, right = desk.asking.words(), desk.turn.question.right
    for _ in range(2):
        guess(desk, "100")
    desk.bar.next.click()
    assert looker.reader.row == 1
    assert desk.asking.words() == asked, "the same factor"
    assert desk.turn.factor == 1
    assert desk.asking.covered
    assert said(desk).count("?") == 2
    assert guess(desk, repr(desk.turn.question.right)) == "Right."
    assert right == desk.turn.question.right, "a weight, in every row the same"
    desk.bar.next.click()
    assert desk.turn.factor == 2
