"""Ask me, step by step: what is asked is covered wherever it could be read, and answered by the keyboard alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from bench import Bench
from looking import lecture, stack
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.document import edits
from playground.document.model import Document, Node
from playground.engine.asked import Asked, right_value
from playground.ui.canvas.operations.words import COVERED, edge_tip, spoken, tip
from playground.ui.microscope.ask_bar import AskBar
from playground.ui.microscope.ledger_model import GRADIENT, NAME, NEW, VALUE
from playground.ui.microscope.step_turns import StepTurn, ask_for
from playground.ui.translation import set_language

Key = Qt.Key
P, Q = ("P", 0), ("Q", 0)
W1 = ("P.weight", (0, 0))


@pytest.fixture
def desk(bench: Callable[..., Bench]) -> Bench:
    """The lecture's network in front of its first value."""
    desk = bench(lecture())
    desk.canvas.set_view("operations")
    desk.begin((0,))
    return desk


def press(desk: Bench, key: str) -> None:
    desk.panel.foot.buttons[key].click()


def bar(desk: Bench) -> AskBar:
    return desk.panel.bar


def guess(desk: Bench, typed: str) -> str:
    bar(desk).guess.setText(typed)
    bar(desk).check.click()
    return bar(desk).verdict.text()


def asked(desk: Bench) -> Asked | None:
    turn = desk.reader.asking.turn
    assert turn is None or isinstance(turn, StepTurn)
    return turn.asked if turn is not None else None


def equations(desk: Bench) -> str:
    return desk.steps.written.text()


def table(desk: Bench) -> list[tuple[str, ...]]:
    return [row.cells for row in desk.steps.table.step_model.shown.rows]


def figures(desk: Bench) -> list[str]:
    model = desk.steps.steps.steps
    return [model.figure(row) for row in range(model.rowCount())]


def ledger(desk: Bench, column: int) -> dict[str, str]:
    model = desk.panel.pages["ledger"].model
    return {model.text(row, NAME): model.text(row, column) for row in range(model.rowCount())}


def cell(desk: Bench, row: int, column: int) -> None:
    """A click on a cell of the present step."""
    view = desk.steps.table
    place = view.visualRect(view.model().index(row, column)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


# --- the course of the questions -------------------------------------------------------------------


def test_that_the_whole_pass_is_asked_step_by_step(desk: Bench) -> None:
    press(desk, "ask")
    told = []
    for answer in ("4", "8", "9/2", "3", "2", "6", "1", "6", "1.94"):
        told.append((bar(desk).words.text(), equations(desk).split("\n")[0]))
        assert guess(desk, answer) == "Right.", told
        bar(desk).next.click()
    assert told == [
        ("What is P?", "P = w₁·A + w₂·B = 2·1 + 1·2 = ?"),
        ("What is Q?", "Q = w₃·P = 2·4 = ?"),
        ("What is L?", "L = ½(Q − C)² = ½(8 − 5)² = ?"),
        ("What is the local slope ∂L/∂Q?", "∂L/∂Q = Q − C = 8 − 5 = ?"),
        ("What is the local slope ∂Q/∂P?", "∂L/∂P = ∂L/∂Q·∂Q/∂P = 3·? = ?"),
        ("What is passed on, ∂L/∂Q·∂Q/∂P?", "∂L/∂P = ∂L/∂Q·∂Q/∂P = 3·2 = ?"),
        ("What is the local slope ∂P/∂w₁?", "∂L/∂w₁ = ∂L/∂P·∂P/∂w₁ = 6·? = ?"),
        ("What is passed on, ∂L/∂P·∂P/∂w₁?", "∂L/∂w₁ = ∂L/∂P·∂P/∂w₁ = 6·1 = ?"),
        ("What is the new w₁?", "w₁ ← w₁ − η·∂L/∂w₁ = 2 − 0.01·6 = ?"),
    ]
    assert not desk.reader.asking.on, "the pass is over"
    assert bar(desk).isHidden()
    assert desk.reader.at_end


def test_that_a_guess_is_locked_before_anything_is_shown_and_two_misses_work_the_step(desk: Bench) -> None:
    press(desk, "ask")
    assert guess(desk, "3.7") == "A weight was already new: the values forward are those of the old weights."
    assert equations(desk).endswith("= ?")
    assert not bar(desk).guess.isReadOnly()
    assert guess(desk, "3.9").startswith("Nearly") is False
    assert bar(desk).guess.isReadOnly()
    assert bar(desk).verdict.text().endswith("It is 4.")
    assert equations(desk).endswith("= 4")


def test_that_a_guess_that_nothing_explains_gets_a_hint_for_its_sort(desk: Bench) -> None:
    press(desk, "ask")
    assert guess(desk, "77") == "Not yet. Put the numbers into the formula, one after the other."
    desk.go_to("∂L/∂Q")
    assert guess(desk, "77") == "Not yet. How fast does the upper one grow with the lower one alone?"
    desk.reader.go_to(len(desk.found.steps))
    assert guess(desk, "77") == "Not yet. Take the learning rate times the gradient away from the old value."


def test_that_a_worked_step_is_asked_again_with_other_numbers_where_there_are_any(bench: Callable[..., Bench]) -> None:
    desk = bench(stack(1, 3, batch_size=2))
    desk.begin()
    press(desk, "ask")
    for _ in range(2):
        guess(desk, "77")
    first = bar(desk).words.text()
    bar(desk).next.click()
    assert (desk.reader.done, desk.reader.row) == (1, 1), "the same step of the other row"
    assert bar(desk).words.text() == first
    assert not bar(desk).guess.isReadOnly()
    desk.begin((0,))
    desk.reader.go_to(1)
    for _ in range(2):
        guess(desk, "77")
    bar(desk).next.click()
    assert (desk.reader.done, desk.reader.unit) == (1, 1), "the same step of another unit"
    assert bar(desk).words.text() == "What is h₂?"


def test_that_too_few_digits_are_no_miss(desk: Bench) -> None:
    press(desk, "ask")
    desk.reader.go_to(len(desk.found.steps))
    for _ in range(3):
        assert guess(desk, "1.9") == "Nearly: give one digit more."
        assert not bar(desk).guess.isReadOnly()
    assert guess(desk, "1.94") == "Right."


def test_that_what_is_no_number_is_refused_in_one_sentence_and_is_no_miss(desk: Bench) -> None:
    press(desk, "ask")
    for _ in range(3):
        assert guess(desk, "four") == "“four” is no number. Type one such as 4.5, -3 or 9/2."
    assert not bar(desk).guess.isReadOnly()
    assert guess(desk, " ") == "“four” is no number. Type one such as 4.5, -3 or 9/2.", "nothing was typed"
    assert guess(desk, "4") == "Right."


def test_that_step_covers_the_next_value_before_it_is_shown(desk: Bench) -> None:
    press(desk, "ask")
    seen: list[str] = []
    desk.reader.moved.connect(lambda: seen.append(" ".join([equations(desk), *figures(desk)])))
    desk.area.operations.operations.changed.connect(
        lambda _where: seen.append(desk.area.operations.operations.played_words)
    )
    desk.key(Key.Key_PageDown)
    QApplication.processEvents()
    assert asked(desk) == Asked("value", Q)
    assert bar(desk).guess.hasFocus(), "whoever steps goes on typing"
    assert figures(desk)[1:3] == ["4", "?"], "what was passed over is shown"
    assert seen
    assert not any("8" in text for text in seen)
    desk.key(Key.Key_PageUp)
    assert asked(desk) == Asked("value", P)
    assert figures(desk)[1:3] == ["?", "?"]


def test_that_at_the_start_there_is_nothing_to_ask_and_step_goes_on(desk: Bench) -> None:
    press(desk, "ask")
    desk.reader.rewind()
    assert asked(desk) is None
    assert bar(desk).guess.isHidden()
    assert "Step goes on" in bar(desk).words.text()
    desk.reader.forward()
    assert asked(desk) == Asked("value", P)
    assert bar(desk).guess.isVisible()


def test_that_play_and_other_pages_end_the_question(desk: Bench) -> None:
    for end in (lambda: desk.reader.play(True), lambda: desk.panel.show_page("check"), desk.panel.hide):
        desk.panel.show()
        desk.panel.show_page("steps")
        desk.reader.go_to(2)
        press(desk, "ask")
        assert "?" in equations(desk)
        end()
        assert not desk.reader.asking.on
        desk.reader.play(False)
    assert desk.area.operations.covered == ()


def test_that_training_ends_the_question(desk: Bench) -> None:
    press(desk, "ask")
    desk.session.train()
    assert not desk.reader.asking.on
    assert bar(desk).isHidden()
    desk.session.pause()


def test_that_pressing_ask_again_asks_no_more(desk: Bench) -> None:
    press(desk, "ask")
    assert desk.panel.foot.buttons["ask"].isChecked()
    press(desk, "ask")
    assert not desk.reader.asking.on
    assert not desk.panel.foot.buttons["ask"].isChecked()
    assert equations(desk).endswith("= 4")


def test_that_the_chain_page_asks_its_own_questions_in_the_same_bar(desk: Bench) -> None:
    desk.reader.go_to(len(desk.found.steps))
    desk.panel.show_page("chain")
    press(desk, "ask")
    assert bar(desk).words.text() == "What is ∂L/∂Q?"
    numbers = desk.area.operations.operations.numbers
    assert numbers.gradient("Q:0") == COVERED
    assert numbers.value("loss:0:−") == COVERED, "half a square's slope is the difference"
    assert numbers.gradient("Q.weight[0,0]") == "12"
    assert guess(desk, "3") == "Right."
    assert desk.area.operations.operations.numbers.gradient("Q:0") == "3"
    desk.panel.show_page("steps")
    assert not desk.reader.asking.on


# --- any number ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "row", "column", "expected"),
    [
        ("P", 0, 4, Asked("term", W1, P)),
        ("Q", 0, 1, Asked("value", P)),
        ("L", 0, 1, Asked("value", Q)),
        ("∂L/∂L", 0, 1, Asked("share")),
        ("∂L/∂Q", 0, 1, Asked("arriving", Q)),
        ("∂L/∂Q", 1, 2, Asked("local", ("Q.weight", (0, 0)), Q)),
        ("∂L/∂Q", 1, 3, Asked("passed", ("Q.weight", (0, 0)), Q)),
        ("∂L/∂P", 1, 3, Asked("passed", ("P.weight", (1, 0)), P)),
        ("Update", 1, 2, Asked("gradient", ("P.weight", (1, 0)))),
        ("Update", 1, 3, Asked("step", ("P.weight", (1, 0)))),
        ("Update", 2, 4, Asked("new", ("Q.weight", (0, 0)))),
    ],
)
def test_that_a_click_on_any_number_covers_it_and_asks_for_it(
    desk: Bench, step: str, row: int, column: int, expected: Asked
) -> None:
    desk.go_to(step)
    press(desk, "ask")
    cell(desk, row, column)
    assert asked(desk) == expected
    assert table(desk)[row][column] == "?"
    assert guess(desk, repr(right_value(desk.found, expected, 0, desk.reader.symbols))) == "Right."
    assert table(desk)[row][column] != "?"


def test_that_without_asking_a_click_chooses_a_row_and_what_is_given_is_not_asked_for(desk: Bench) -> None:
    desk.go_to("Update")
    cell(desk, 2, 4)
    assert not desk.reader.asking.on
    assert desk.reader.target == ("Q.weight", (0, 0))
    press(desk, "ask")
    cell(desk, 0, 1)  # the old value of w₁
    assert asked(desk) == Asked("new", W1)


def test_that_space_and_the_menu_ask_for_a_cell(desk: Bench) -> None:
    desk.go_to("∂L/∂Q")
    view = desk.steps.table
    view.setFocus()
    view.setCurrentIndex(view.model().index(1, 2))
    assert desk.reader.target == ("Q.weight", (0, 0))
    assert view.currentIndex().column() == 2, "the keyboard stays where it is"
    desk.key(Key.Key_Space)
    assert asked(desk) == Asked("local", ("Q.weight", (0, 0)), Q)
    assert bar(desk).guess.hasFocus()
    assert view.model().index(1, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "covered"
    desk.reader.asking.end()
    menu = view.menu_of(1, 3)
    menu.actions()[0].trigger()
    assert asked(desk) == Asked("passed", ("Q.weight", (0, 0)), Q)
    assert not view.menu_of(1, 0).actions()[0].isEnabled(), "a name is no number"


def test_that_the_ledger_asks_for_its_cells_and_covers_what_the_steps_ask(desk: Bench) -> None:
    desk.reader.go_to(len(desk.found.steps))
    desk.panel.show_page("ledger")
    page = desk.panel.pages["ledger"]
    row = list(ledger(desk, VALUE)).index("Q")
    page.table.setFocus()
    page.table.setCurrentIndex(page.model.index(row, VALUE))
    desk.key(Key.Key_Return)
    assert asked(desk) == Asked("value", Q)
    assert ledger(desk, VALUE)["Q"] == "?"
    assert page.model.data(page.model.index(row, VALUE), Qt.ItemDataRole.EditRole) == "?", "nor on the clipboard"
    assert guess(desk, "8") == "Right."
    assert ledger(desk, VALUE)["Q"] == "8"
    page.table.menu_of(row, GRADIENT).actions()[0].trigger()
    assert asked(desk) == Asked("arriving", Q)
    assert {"Q": "?", "w₃": "?", "P": "?", "w₂": "12"}.items() <= ledger(desk, GRADIENT).items(), "and its products"
    row = list(ledger(desk, VALUE)).index("w₁")
    page.table.cell_asked.emit(row, NEW)
    assert ledger(desk, NEW)["w₁"] == "?"
    desk.panel.show_page("steps")
    assert desk.reader.asking.on, "the steps cover it too"
    assert table(desk)[0][3:] == ("?", "?")


@pytest.mark.parametrize(
    ("key", "backward", "expected"),
    [
        ("P:0", False, Asked("value", P)),
        ("P:0:×0", False, Asked("term", W1, P)),
        ("loss:loss", False, Asked("loss")),
        ("P:0", True, Asked("arriving", P)),
        ("P.weight[0,0]", True, Asked("gradient", W1)),
        ("in:0", False, None),
        ("P.weight[0,0]", False, None),
    ],
)
def test_that_a_click_on_an_operation_asks_for_its_number(
    desk: Bench, key: str, backward: bool, expected: Asked | None
) -> None:
    view = desk.area.operations
    desk.go_to("∂L/∂P" if backward else "L")

    def click() -> None:
        QApplication.processEvents()
        place = view.mapFromScene(view.operations.items_by_key[key].pos())
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    click()
    assert not desk.reader.asking.on, "nobody has asked to be asked"
    press(desk, "ask")
    default = asked(desk)
    click()
    assert asked(desk) == (expected or default)
    numbers = view.operations.numbers
    if expected is not None:
        assert (numbers.gradient if backward else numbers.value)(key) == COVERED


def test_that_another_question_of_the_step_can_be_chosen(desk: Bench) -> None:
    desk.go_to("∂L/∂Q")
    press(desk, "ask")
    assert asked(desk) == Asked("local", P, Q)
    QTest.keyClick(bar(desk).guess, Key.Key_Down)
    assert asked(desk) == Asked("passed", P, Q)
    assert "= 3·2 = ?" in equations(desk)
    bar(desk).other.click()
    assert asked(desk) == Asked("local", P, Q)
    guess(desk, "2")
    assert bar(desk).other.isHidden()
    desk.go_to("P")
    assert bar(desk).other.isHidden(), "there is one alone"


# --- read nowhere ----------------------------------------------------------------------------------


def numbers_of(desk: Bench) -> Iterator[Asked]:
    """What can be asked for at the present step, and in the ledger."""
    shown = desk.steps.table.step_model.shown
    yield from shown.asks
    for row in shown.rows:
        yield from (one for one in row.asks if one is not None)
    model = desk.panel.pages["ledger"].model
    model.renew()
    for row in range(model.rowCount()):
        yield from (one for column in (VALUE, GRADIENT, NEW) if (one := model.asked(row, column)) is not None)


def all_texts(desk: Bench) -> str:
    """Whatever is written on the pages of steps and ledger and said of them."""
    steps, book = desk.steps, desk.panel.pages["ledger"].model
    book.renew()
    texts = [steps.title.text(), steps.note.text(), steps.note.toolTip(), steps.accessibleDescription()]
    texts += [
        equations(desk),
        steps.written.latex(),
        steps.written.accessibleName(),
        *(" ".join(row) for row in table(desk)),
    ]
    texts += [str(steps.steps.steps.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(
        steps.steps.steps.rowCount())]  # fmt: skip
    for row in range(book.rowCount()):
        for column in (VALUE, GRADIENT, NEW):
            texts += [book.text(row, column), str(book.index(row, column).data(Qt.ItemDataRole.EditRole))]
    texts += [desk.area.operations.operations.played_words, desk.area.operations.accessibleDescription()]
    return "\n".join(texts)


def told_on_canvas(desk: Bench, value: float) -> list[str]:
    """Where on the operations a number can be read."""
    view = desk.area.operations
    numbers, graph, readings = view.operations.numbers, view.operations.graph, view._readings
    found = []
    for side, values in (("forward", readings.values), ("gradient", readings.gradients)):
        for key, number in values.items():
            if math.isclose(abs(number), abs(value), rel_tol=1e-9):
                said = numbers.value(key) if side == "forward" else numbers.gradient(key)
                if said not in (COVERED, ""):
                    found.append(f"{key} {side} {said}")
    whole = f"{abs(value):.6g}"
    for operation in graph.operations:
        for text in (tip(numbers, operation, gradient=True), spoken(numbers, operation, gradient=True)):
            found += [text] if whole in text else []
    for edge in graph.edges:
        text = edge_tip(numbers, edge, gradient=True)
        back = readings.backward.get(edge.key)
        if back is not None and math.isclose(abs(back), abs(value), rel_tol=1e-9) and "Back comes" in text:
            found += [text] if "gradient ?" not in text else []
    return found


def _is_copy(asked: Asked) -> bool:
    """What it is worked out from may be the very number: a weight, what a weight multiplies, what arrives at a bias."""
    name = str(asked.bottom[0]) if asked.bottom is not None else ""
    return name.endswith(".bias") or (asked.sort == "local" and (asked.top or ("a",))[0][0] != "a")


def squared(document: Document) -> Document:
    """The same with half a square, whose difference is an operation of its own."""
    nodes = tuple(
        Node("loss", "loss", {"function": "half_squared"}) if one.id == "loss" else one
        for one in document.network.nodes
    )
    return replace(document, network=replace(document.network, nodes=nodes))


@pytest.mark.parametrize(
    "document",
    [stack(1, 3, batch_size=1), stack(2, 2, batch_size=3), squared(stack(1, 2, batch_size=1))],
    ids=["one row", "a batch", "half a square"],
)
def test_that_what_is_asked_for_can_be_read_nowhere(bench: Callable[..., Bench], document: Document) -> None:
    desk = bench(document)
    desk.canvas.set_view("operations")
    found = desk.begin()
    if found.samples == 1:
        # A right answer of 0 is no difference.
        found = desk.begin((int(desk.session.plan.dataset.y_train[:, 0].argmax()),))
    count = 0
    for done in range(1, len(found.steps) + 1):
        desk.reader.go_to(done)
        for number in set(numbers_of(desk)):
            desk.reader.asking.end()
            value = right_value(found, number, desk.reader.row, desk.reader.symbols)
            digits = f"{abs(value):.6g}".split("e")[0][:-1]
            if _is_copy(number) or len(digits.replace(".", "").lstrip("0")) < 5:
                continue  # a short number may stand elsewhere by chance
            before = all_texts(desk)
            ask_for(desk.reader, number, lambda: 0)
            if not desk.reader.asking.on:
                continue
            assert digits in before, "else this would show nothing"
            assert digits not in all_texts(desk), (number, value)
            assert not told_on_canvas(desk, value), (number, value)
            count += 1
    assert count > 60


def test_that_the_lecture_covers_its_answers_on_the_canvas(desk: Bench) -> None:
    view = desk.area.operations
    press(desk, "ask")
    numbers = lambda: view.operations.numbers  # noqa: E731
    texts = lambda: [text.words for text in view.operations.texts.texts()]  # noqa: E731
    assert numbers().value("P:0") == numbers().value("P:0:+") == COVERED
    assert view.operations.played_words == "P = ?"
    guess(desk, "4")
    assert numbers().value("P:0") == "4"
    assert view.operations.played_words == "P = 4"
    desk.go_to("Q")
    assert numbers().value("Q:0:×0") == COVERED, "its only term is the sum"
    assert table(desk)[0] == ("P", "4", "w₃", "2", "?")
    desk.go_to("L")
    assert view.operations.played_words == "L = ?"
    assert numbers().loss(view.operations.graph.by_key["loss:loss"]) == COVERED
    desk.go_to("∂L/∂L")
    assert {numbers().gradient(key) for key in ("Q:0", "Q:0:×0", "loss:0:−")} == {COVERED}
    assert numbers().value("loss:0:−") == COVERED
    assert "3" not in texts()
    desk.go_to("∂L/∂Q")
    assert view.operations.played_words == "arriving 3 × local ?"
    assert numbers().gradient("P:0") == numbers().gradient("P:0:+") == COVERED
    assert numbers().gradient("Q.weight[0,0]") == "12"
    assert "6" not in texts()


def test_that_a_penalty_and_an_optimizer_tell_no_more_than_plain_descent(bench: Callable[..., Bench]) -> None:
    document = edits.set_training(stack(1, 2, batch_size=2), optimizer="adam", l2=0.1)
    desk = bench(document)
    found = desk.begin()
    desk.reader.go_to(len(found.steps))
    number = Asked("gradient", ("h1.weight", (0, 0)))
    cells = [row.asks[2] for row in desk.steps.table.step_model.shown.rows]
    press(desk, "ask")
    cell(desk, cells.index(number), 2)
    assert asked(desk) == number
    right = right_value(found, number, 0, desk.reader.symbols)
    assert f"{abs(right):.6g}"[:-1] not in all_texts(desk)
    assert "g = " in equations(desk)
    assert guess(desk, repr(right)) == "Right."
    assert f"{abs(right):.6g}"[:-1] in all_texts(desk)


# --- the keyboard, and what is said -----------------------------------------------------------------


def test_that_the_keyboard_alone_is_enough(desk: Bench) -> None:
    button = desk.panel.foot.buttons["ask"]
    button.setFocus()
    desk.key(Key.Key_Space)
    assert bar(desk).guess.hasFocus()
    QTest.keyClicks(bar(desk).guess, "4")
    desk.key(Key.Key_Return)
    assert bar(desk).verdict.text() == "Right."
    assert bar(desk).next.hasFocus()
    desk.key(Key.Key_Space)
    assert asked(desk) == Asked("value", Q)
    assert bar(desk).guess.hasFocus()
    assert bar(desk).guess.text() == ""
    desk.key(Key.Key_Escape)
    assert not desk.reader.asking.on
    focus = QApplication.focusWidget()
    assert focus is not None
    assert desk.panel.isAncestorOf(focus) or focus is desk.panel, "the keyboard is not lost"
    left = []
    desk.panel.left.connect(lambda: left.append(1))
    desk.key(Key.Key_Escape)
    assert left, "and now back to the canvas"


def test_that_the_keys_of_the_window_do_not_get_what_asks(desk: Bench) -> None:
    for key in (Key.Key_Space, Key.Key_Return):
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(desk.steps.table, event)
        assert event.isAccepted()


def test_that_a_screen_reader_hears_the_question_and_what_is_said_of_a_guess(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def hear(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            heard.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    press(desk, "ask")
    guess(desk, "-4")
    guess(desk, "4")
    bar(desk).next.click()
    asked_for = [text for text in heard if text]
    assert asked_for == ["What is P?", "The size is right, the sign is not.", "Right.", "What is Q?"]
    assert bar(desk).guess.accessibleName() == "Your guess"
    assert bar(desk).guess.accessibleDescription() == "What is Q?"
    assert bar(desk).accessibleName() == "Question"


def test_that_it_is_asked_in_the_language_of_the_window(desk: Bench) -> None:
    press(desk, "ask")
    desk.go_to("∂L/∂Q")
    english = bar(desk).words.text(), guess(desk, "3")
    set_language("ko")
    desk.panel.retranslate()
    for before, now in zip(english, (bar(desk).words.text(), bar(desk).verdict.text()), strict=True):
        assert now
        assert now != before


@pytest.mark.parametrize("size", [QSize(560, 250), QSize(760, 270)])
def test_that_a_long_sentence_has_room(bench: Callable[..., Bench], size: QSize) -> None:
    desk = bench(lecture(), size)
    desk.begin((0,))
    press(desk, "ask")
    desk.go_to("∂L/∂Q")
    told = guess(desk, "3")
    assert told == "That is what arrives; asked is the local slope alone."
    QApplication.processEvents()
    verdict = bar(desk).verdict
    assert verdict.height() >= verdict.heightForWidth(verdict.width())
    assert bar(desk).geometry().bottom() < desk.panel.foot.geometry().top()
    assert bar(desk).stop.geometry().right() <= bar(desk).width()
