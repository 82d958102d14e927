"""Ask me: factors, products, sums and means are covered; guesses are locked, and each mistake has its own sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from looking import Looker, lecture, stack
from PySide6.QtTest import QTest

from playground.data.table import Array
from playground.document.model import Document
from playground.ui.microscope import asking
from playground.ui.microscope.chain_page import ChainPage
from playground.ui.translation import set_language


@pytest.fixture
def page(looker: Looker, qtbot) -> Iterator[ChainPage]:
    looker.open(lecture())
    looker.begin((0,))
    page = ChainPage(looker.reader)
    qtbot.addWidget(page)
    page.resize(700, 300)
    page.show()
    qtbot.waitExposed(page)
    yield page
    page.hide()


def said(page: ChainPage) -> str:
    return page.equations.text()


def guess(page: ChainPage, typed: str) -> str:
    """What is answered to a guess."""
    page.question.guess.setText(typed)
    page.question.check.click()
    return page.question.verdict.text()


def go_to(page: ChainPage, asks: str) -> None:
    """Guess right until this is asked for."""
    page.ask()
    bar = page.question
    while bar._turns[bar._place].asks != asks:
        assert bar._derivation is not None
        guess(page, repr(asking.question(bar._derivation, bar._turns[bar._place]).right))
        bar.next.click()


def test_that_a_factor_is_covered_and_a_wrong_guess_gets_its_own_sentence(page: ChainPage) -> None:
    page.ask()
    bar = page.question
    assert said(page) == "∂L/∂w₁ = ∂L/∂Q · ∂Q/∂P · ∂P/∂w₁ = ? · 2 · 1 = ?"
    assert "∂L/∂Q" in bar.words.text()
    QTest.keyClicks(bar.guess, "-3")
    bar.check.click()
    assert "sign" in bar.verdict.text()
    assert not bar.guess.isReadOnly()
    bar.guess.setText("3")
    bar.check.click()
    assert bar.guess.isReadOnly(), "a right guess is locked"
    assert said(page).endswith("= 3 · 2 · 1 = ?")
    bar.next.click()
    assert said(page).endswith("= 3 · ? · 1 = ?")


def test_that_after_two_misses_the_step_is_worked(page: ChainPage) -> None:
    page.ask()
    for guess in ("100", "200"):
        page.question.guess.setText(guess)
        page.question.check.click()
    assert page.question.guess.isReadOnly()
    assert "It is 3." in page.question.verdict.text()


def test_that_the_product_is_asked_last_and_its_mistakes_are_known(page: ChainPage) -> None:
    page.ask()
    bar = page.question
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
    assert said(page).endswith("= 3 · 2 · 1 = 6")
    bar.next.click()
    assert not bar.asking
    assert said(page).splitlines()[0].endswith("= 6")


def test_that_what_is_no_number_is_refused_without_a_miss(page: ChainPage) -> None:
    page.ask()
    page.question.guess.setText("three")
    page.question.check.click()
    assert "no number" in page.question.verdict.text()
    assert not page.question.guess.isReadOnly()


def test_that_another_weight_ends_the_question(page: ChainPage, looker: Looker) -> None:
    page.ask()
    looker.reader.choose("Q.weight", (0, 0))
    assert not page.question.asking
    assert page.question.isHidden()


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
def test_that_each_mistake_has_its_own_sentence(
    page: ChainPage, looker: Looker, name: str, typed: str, told: str
) -> None:
    looker.reader.choose(name, (0, 0))
    go_to(page, "row")
    assert guess(page, typed) == told
    assert said(page).endswith("= ?")


def test_that_a_locked_guess_cannot_be_changed_and_enter_goes_on(page: ChainPage) -> None:
    page.ask()
    bar = page.question
    QTest.keyClicks(bar.guess, "3")
    QTest.keyClick(bar.guess, "\r")
    assert bar.verdict.text() == "Right."
    QTest.keyClicks(bar.guess, "9")
    assert bar.guess.text() == "3"
    QTest.keyClick(bar.guess, "\r")
    assert "∂Q/∂P" in bar.words.text()


def test_that_one_path_of_several_is_not_called_the_gradient(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(2, 3))
    looker.begin((0,))
    page.ask()
    assert not said(page).startswith("∂L/∂w"), "there are three paths"
    go_to(page, "path")
    derivation = page._derivation
    assert derivation is not None
    assert guess(page, repr(-derivation.paths[0].value)) == "The size is right, the sign is not."
    assert guess(page, repr(derivation.paths[0].value)) == "Right."
    page.question.next.click()
    assert said(page).startswith("∂L/∂w")
    assert said(page).count(" + ") == 2
    assert guess(page, repr(derivation.paths[1].value)) == "That is one path alone: add all 3 of them."
    assert guess(page, repr(derivation.value)) == "Right."


def test_that_the_mean_over_a_few_rows_is_asked_for_after_the_row(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(1, 2, batch_size=3))
    found = looker.begin()
    go_to(page, "row")
    derivation = page._derivation
    assert derivation is not None
    assert "of this row" in page.question.words.text()
    assert guess(page, repr(derivation.value)) == "Right."
    page.question.next.click()
    assert said(page).endswith("/ 3 = ?")
    mean = float(found.trace.parameters["h1.weight"].gradient[0, 0])
    assert "divide by 3" in guess(page, repr(3.0 * mean))
    assert guess(page, repr(mean)) == "Right."
    page.question.next.click()
    assert not page.question.asking


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
    page: ChainPage, looker: Looker, document: Document, kinds: list[str]
) -> None:
    looker.open(document)
    looker.begin()
    page.ask()
    assert [turn.asks for turn in page.question._turns] == kinds


def test_that_the_answer_is_covered_where_there_are_too_many_paths(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(6, 8))
    looker.begin((0,))
    page.ask()
    assert said(page).endswith(" = ?")
    assert "\n" not in said(page)
    derivation = page._derivation
    assert derivation is not None
    assert guess(page, repr(derivation.value)) == "Right."
    assert not said(page).endswith("?")


def test_that_the_same_is_asked_anew_when_the_numbers_have_changed(page: ChainPage, looker: Looker) -> None:
    page.ask()
    assert guess(page, "3") == "Right."
    before: Array = looker.found.before.values
    looker.reader.finish_batch()
    looker.settle()
    assert (looker.found.before.values != before).any()
    bar = page.question
    assert bar.asking
    assert not bar.guess.isReadOnly()
    assert bar.guess.text() == bar.verdict.text() == ""
    assert "∂L/∂Q" in bar.words.text()


def test_that_stepping_on_leaves_the_question_alone(page: ChainPage, looker: Looker) -> None:
    page.ask()
    guess(page, "-3")
    looker.reader.forward()
    assert page.question.guess.text() == "-3"
    assert "sign" in page.question.verdict.text()


def test_that_the_question_and_what_was_said_are_said_in_the_other_language(page: ChainPage) -> None:
    page.ask()
    guess(page, "-3")
    set_language("ko")
    page.retranslate()
    assert page.question.words.text() == "∂L/∂Q은(는) 얼마입니까?"
    assert page.question.verdict.text() == "크기는 맞지만 부호가 틀렸습니다."
    assert page.question.guess.text() == "-3"


def test_that_the_worked_answer_has_as_many_digits_as_the_line(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(1, 3))
    looker.begin((0,))
    page.ask()
    guess(page, "100")
    told = guess(page, "200")
    assert f"It is {said(page).split(' = ')[2].split(' · ')[0].strip('()')}." in told


def test_that_a_question_that_nobody_sees_is_over(page: ChainPage) -> None:
    page.ask()
    page.hide()
    assert not page.question.asking
    page.show()
    assert said(page).splitlines()[0].endswith("= 6")
