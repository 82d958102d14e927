"""The gradient check at a button."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest
from looking import Looker, lecture, stack

from playground.document import edits
from playground.document.model import Document, Network, Node, Wire
from playground.document.presets import PRESETS
from playground.engine.descent import Terrain
from playground.engine.gradcheck import gradient_check
from playground.ui.microscope import check_page
from playground.ui.microscope.check_page import CheckPage
from playground.ui.translation import set_language


@pytest.fixture
def check(looker: Looker, qtbot) -> Iterator[CheckPage]:
    page = CheckPage(looker.reader)
    qtbot.addWidget(page)
    page.show()
    yield page
    page.end_work()
    page.hide()


def cell(check: CheckPage, row: int, column: int) -> str:
    item = check.table.item(row, column)
    assert item is not None
    return item.text()


def at_corner() -> Document:
    """A ReLU whose input is 0 on every row."""
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h", "dense", {"units": 1}),
        Node("a", "activation", {"function": "relu"}),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    )
    wires = tuple(Wire(one.id, other.id) for one, other in itertools.pairwise(nodes))
    given = {"h": {"weight": ((0.0,), (0.0,)), "bias": (0.0,)}}
    return Document(network=Network(nodes, wires), parameters=given)


def test_that_all_gradients_agree(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(stack(2, 4, l2=0.01))
    looker.begin()
    check.button.click()
    qtbot.waitUntil(check.button.isEnabled, timeout=20_000)
    assert check.words.text().startswith("All 37 gradients agree")
    assert check.table.rowCount() == 6


def test_that_a_corner_is_called_one(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(at_corner())
    looker.begin((0,))
    check.button.click()
    qtbot.waitUntil(check.button.isEnabled, timeout=20_000)
    assert "corner" in check.words.text()
    assert check.words.text().startswith("All")


def test_that_a_check_is_stale_once_the_weights_have_moved(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(lecture())
    looker.begin()
    check.button.click()
    qtbot.waitUntil(check.button.isEnabled, timeout=20_000)
    assert check.table.rowCount() == 2
    looker.reader.finish_batch()
    looker.settle()
    assert check.table.rowCount() == 0
    assert "check again" in check.words.text()


def test_that_the_thread_is_waited_for(check: CheckPage, looker: Looker) -> None:
    looker.open(edits.set_training(stack(4, 16), batch_size=60))
    looker.begin()
    check.button.click()
    check.end_work()
    assert not any(thread.name == "gradient check" for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("document", "numbers"), [(lecture(), 3), (PRESETS["xor"].document, 17)], ids=["lecture", "xor"]
)
def test_that_the_gradients_of_the_presets_agree(
    check: CheckPage, looker: Looker, qtbot, document: Document, numbers: int
) -> None:
    looker.open(document)
    looker.begin()
    check.button.click()
    qtbot.waitUntil(lambda: check.table.rowCount() > 0)
    assert check.words.text().startswith(f"All {numbers} gradients agree: the largest relative error is ")
    assert check.words.text().endswith(f", of {cell(check, 0, 1)}."), "the worst is named"


def test_that_gradient_and_difference_stand_side_by_side(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(lecture())
    looker.begin()
    check.button.click()
    qtbot.waitUntil(lambda: check.table.rowCount() == 2)
    rows = {cell(check, row, 0): [cell(check, row, column) for column in (1, 2, 3)] for row in range(2)}
    assert rows["Q.weight"] == ["w₃", "12", "12"]
    assert rows["P.weight"][1] == rows["P.weight"][2]


def test_that_what_is_shown_is_what_was_checked_with_dropout_and_penalty(
    check: CheckPage, looker: Looker, qtbot
) -> None:
    looker.open(stack(1, 4, dropout=0.5, l2=0.1))
    found = looker.begin()
    check.button.click()
    qtbot.waitUntil(lambda: check.table.rowCount() > 0)
    assert check._shown is not None
    slope = Terrain(found.program, found.x, found.trace.targets, found.hyper).slope(found.before.values)
    for row in check._shown.rows:
        assert row.gradient == found.program.views(slope)[row.number[0]][row.number[1]]
        assert row.difference == pytest.approx(row.gradient, abs=1e-6)


def test_that_a_press_without_a_pass_takes_the_next_batch(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(lecture())
    assert looker.reader.found is None
    check.button.click()
    qtbot.waitUntil(lambda: check.table.rowCount() == 2)


def test_that_a_corner_is_named_in_its_row(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(at_corner())
    looker.begin((0,))
    check.button.click()
    qtbot.waitUntil(lambda: check.table.rowCount() > 0)
    assert "3 lie at a corner" in check.words.text()
    assert any(cell(check, row, 4) == "corner" for row in range(check.table.rowCount()))


def test_that_weights_without_a_loss_cannot_be_checked(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(lecture())
    looker.begin()
    looker.found.before.values[0] = 1e200
    check.button.click()
    qtbot.waitUntil(check.button.isEnabled)
    assert "no finite number" in check.words.text()
    assert check.table.rowCount() == 0


def test_that_other_rows_are_told_from_other_weights(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(stack(1, 3))
    looker.begin()
    check.button.click()
    qtbot.waitUntil(lambda: check.table.rowCount() > 0)
    looker.begin((3,))
    assert check.words.text() == "These are other rows now: check again."


def test_that_a_check_under_way_ends_when_the_weights_change(check: CheckPage, looker: Looker, monkeypatch) -> None:
    going, go_on = threading.Event(), threading.Event()
    whole = check_page.gradient_check

    def slow(*given: object) -> object:
        going.set()
        go_on.wait(10)
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(check_page, "gradient_check", slow)
    looker.open(lecture())
    looker.begin()
    check.button.click()
    assert going.wait(10)
    assert check.words.text() == "Checking 3 numbers …"
    go_on.set()
    looker.reader.finish_batch()
    looker.settle()
    assert check.button.isEnabled()
    assert check.table.rowCount() == 0
    assert not any(thread.name == "gradient check" for thread in threading.enumerate())


def test_that_a_long_check_does_not_keep_the_window_open(check: CheckPage, looker: Looker) -> None:
    looker.open(edits.set_training(stack(6, 64, samples=200), batch_size=100))
    looker.begin()
    check.button.click()
    work = check._work
    assert work is not None
    check.end_work()
    assert work.report is None
    assert work.reached < work.found.program.size


def test_that_what_would_take_minutes_is_left_to_the_command_line(
    check: CheckPage, looker: Looker, monkeypatch
) -> None:
    monkeypatch.setattr(check_page, "MOST", 8)
    looker.open(lecture())
    looker.begin()
    check.button.click()
    assert "gradcheck" in check.words.text()
    assert check.button.isEnabled()


def test_that_the_verdict_is_said_in_the_other_language(check: CheckPage, looker: Looker, qtbot) -> None:
    looker.open(lecture())
    looker.begin()
    check.button.click()
    qtbot.waitUntil(lambda: check.table.rowCount() == 2)
    set_language("ko")
    check.retranslate()
    assert check.words.text().startswith("기울기 3개가 모두 맞습니다.")
    head = check.table.horizontalHeaderItem(3)
    assert head is not None
    assert head.text() == "차분"
    assert check.table.rowCount() == 2


def test_that_a_stopped_check_reports_what_it_has_reached(looker: Looker) -> None:
    looker.open(lecture())
    found = looker.begin()
    answers = iter([False, False, True])
    report = gradient_check(
        found.program, found.before.values, found.x, found.trace.targets, found.hyper, lambda: next(answers)
    )
    assert report.checked == 2
    assert report.ok
    assert report.parameters["Q.weight"].max_relative_error == 0.0
