"""The play head: it only reads, and what is trained by it is what training would have trained."""

from __future__ import annotations

import random

import numpy as np
import pytest
from looking import Looker, lecture, same, stack

from playground.document import edits
from playground.document.model import Document
from playground.messages import message
from playground.training.orders import Back

BATCHES = 20


def numbers(looker: Looker) -> list[bytes]:
    """All that the present pass is made of."""
    found = looker.found
    arrays = [*found.trace.values.values(), *found.trace.gradients.values(), *found.new.values()]
    arrays += [part for one in found.trace.parameters.values() for part in (one.value, one.gradient, one.updated)]
    return [array.tobytes() for array in arrays]


@pytest.mark.parametrize(
    "document",
    [
        lecture(),
        stack(2, 3, batch_size=7, optimizer="adam", learning_rate=0.05),
        stack(1, 4, dropout=0.3, batch_size=10, momentum=0.9, l2=0.01),
    ],
    ids=["lecture", "adam", "dropout"],
)
def test_that_stepping_with_backs_and_rewinds_leaves_the_weights_of_running(looker: Looker, document: Document) -> None:
    wanted = looker.after_batches(document, BATCHES)
    looker.open(document)
    looker.begin()
    dice, reader = random.Random(4), looker.reader
    finished = 0
    while finished < BATCHES:
        before = numbers(looker)
        while not reader.at_end:
            reader.forward()
            if dice.random() < 0.1:
                reader.back()
        if dice.random() < 0.3:
            reader.rewind()
            assert reader.done == 0
            while not reader.at_end:
                reader.forward()
        assert numbers(looker) == before, "moving reads, and changes nothing"
        if finished and dice.random() < 0.3:
            reader.rewind()
            reader.back()  # takes the last batch back
            looker.settle()
            assert reader.at_end
            finished -= 1
        reader.forward() if dice.random() < 0.7 else reader.finish_batch()
        looker.settle()
        finished += 1
        assert reader.done == 0
    assert same(looker.state(), wanted)
    assert same(looker.found.before, wanted)


def test_that_the_weights_announced_are_the_ones_that_come(looker: Looker) -> None:
    looker.open(lecture())
    for _ in range(3):
        announced = looker.begin().after
        looker.reader.finish_batch()
        looker.settle()
        assert same(looker.state(), announced)


def test_that_rewind_pressed_again_goes_to_where_stepping_began(looker: Looker) -> None:
    looker.open(lecture())
    looker.begin()
    start, first = looker.state(), numbers(looker)
    for _ in range(3):
        looker.reader.finish_batch()
        looker.settle()
    looker.reader.go_to_stage("backward")
    looker.reader.rewind()
    assert looker.reader.done == 0
    assert looker.found.before.updates == 3
    looker.reader.rewind()
    looker.settle()
    assert same(looker.state(), start)
    assert numbers(looker) == first
    assert not looker.reader.can_go_back()


def test_that_rewind_is_one_order_however_many_batches_there_were(
    looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    looker.open(lecture())
    looker.begin()
    start = looker.state()
    for _ in range(40):
        looker.reader.finish_batch()
        looker.settle()
    told: list[object] = []
    tell = looker.session._trainer.tell
    monkeypatch.setattr(looker.session._trainer, "tell", lambda order: (told.append(order), tell(order)))
    looker.reader.rewind()
    looker.settle()
    assert same(looker.state(), start)
    assert sum(isinstance(order, Back) for order in told) == 1


def test_that_finish_epoch_runs_on_from_the_batch_that_is_looked_at(looker: Looker) -> None:
    document = stack(1, 3, batch_size=9)
    looker.open(document)
    looker.begin()
    looker.reader.forward()
    looker.reader.finish_epoch()
    looker.settle()
    state = looker.state()
    assert (state.epoch, state.batch) == (1, 0)
    assert same(state, looker.after_batches(document, state.updates))


def test_that_a_point_that_is_not_the_next_batch_is_looked_at_alone(looker: Looker) -> None:
    looker.open(lecture())
    before = looker.state()
    found = looker.begin((1,))
    assert looker.reader.alone
    assert looker.reader.numbers == (1,)
    np.testing.assert_array_equal(found.x, looker.session.plan.dataset.x_train[[1]])
    while not looker.reader.at_end:
        looker.reader.forward()
    looker.reader.forward()
    looker.settle()
    assert looker.reader.at_end
    assert same(looker.state(), before)


def test_that_a_chosen_point_which_is_the_next_batch_is_that_batch(looker: Looker) -> None:
    looker.open(lecture())
    looker.begin((0,))
    assert not looker.reader.alone
    looker.reader.finish_batch()
    looker.settle()
    assert looker.reader.alone, "the next batch is another row, the point is still looked at"
    assert looker.reader.numbers == (0,)


def test_that_a_weight_set_by_hand_renews_the_numbers_where_the_play_head_is(looker: Looker) -> None:
    looker.open(lecture())
    looker.begin()
    looker.reader.go_to_stage("backward")
    done, loss = looker.reader.done, looker.found.trace.loss
    looker.session.set_parameter("Q.weight", (0, 0), 1.0)
    looker.until(lambda: looker.found.trace.loss != loss)
    assert looker.reader.done == done
    assert looker.found.trace.loss == 0.5


def test_that_another_rate_renews_what_the_update_will_do(looker: Looker) -> None:
    looker.open(lecture())
    looker.begin()
    looker.reader.go_to_stage("update")
    assert looker.found.new["P.weight"][0, 0] == pytest.approx(1.94)
    looker.session.edit(message("rate"), lambda document: edits.set_training(document, learning_rate=0.1))
    looker.until(lambda: looker.found.hyper.learning_rate == 0.1)
    assert looker.found.new["P.weight"][0, 0] == pytest.approx(1.4)
    assert looker.reader.stage == "update"


def test_that_training_meanwhile_is_caught_up_with_when_it_pauses(looker: Looker) -> None:
    looker.open(stack(1, 3, batch_size=5))
    looker.begin()
    looker.session.train()
    looker.until(lambda: looker.session.snapshot.updates > 40)
    looker.session.pause()
    looker.until(lambda: not looker.session.snapshot.running)
    looker.settle()
    looker.until(lambda: looker.found.before.updates == looker.state().updates)
    assert looker.found.before.values.tobytes() == looker.weights().tobytes()


def test_that_stepping_pauses_a_run(looker: Looker) -> None:
    looker.open(stack(1, 3))
    looker.begin()
    looker.session.train()
    looker.reader.forward()
    assert not looker.session.running


def test_that_nothing_is_asked_for_while_nobody_looks(looker: Looker) -> None:
    looker.open(lecture())
    found = looker.begin()
    looker.reader.set_active(False)
    looker.session.step("batch")
    looker.settle()
    assert looker.found is found
    looker.reader.set_active(True)
    looker.settle()
    assert looker.found.before.updates == 1


def test_that_another_document_leaves_nothing_of_the_one_before(looker: Looker) -> None:
    looker.open(lecture())
    looker.begin((2,))
    looker.reader.choose("P.weight", (1, 0))
    looker.reader.forward()
    looker.open(stack(1, 2))
    looker.settle()
    reader = looker.reader
    assert (reader.found, reader.rows, reader.target, reader.done) == (None, None, None, 0)


def test_that_a_changed_network_is_read_and_a_weight_that_is_gone_no_longer_chosen(looker: Looker) -> None:
    looker.open(stack(1, 3, batch_size=6))
    looker.begin()
    looker.reader.choose("h1.weight", (1, 2))
    assert looker.reader.target == ("h1.weight", (1, 2))
    looker.session.edit(message("fewer"), lambda document: edits.set_field(document, "h1", "units", 2))
    looker.until(lambda: looker.found.program.widths["h1"] == 2)
    assert looker.found.program is looker.session.plan.program
    assert looker.reader.target is None


def test_that_a_weight_which_does_not_exist_cannot_be_chosen(looker: Looker) -> None:
    looker.open(lecture())
    looker.begin()
    for name, index in (("P.weight", (2, 0)), ("P.weight", (0,)), ("P.bias", (0,)), ("nothing", ())):
        looker.reader.choose(name, index)
        assert looker.reader.target is None


def test_that_a_row_that_is_gone_gives_way_to_the_next_batch(looker: Looker) -> None:
    looker.open(stack(1, 3, samples=60, batch_size=6))
    last = len(looker.session.plan.dataset.x_train) - 1
    looker.begin((last,))
    looker.session.edit(message("fewer"), lambda document: edits.set_data(document, samples=20))
    looker.until(lambda: looker.reader.rows is None and not looker.reader.waiting)
    assert looker.found.by_engine


def test_that_playing_goes_step_by_step_and_stops_at_the_end(looker: Looker) -> None:
    looker.open(lecture())
    looker.begin()
    looker.reader._clock.setInterval(1)
    seen: list[int] = []
    looker.reader.moved.connect(lambda: seen.append(looker.reader.done))
    looker.reader.play(True)
    looker.until(lambda: not looker.reader.playing)
    assert seen == list(range(1, len(looker.found.steps) + 1))


def test_that_units_and_rows_stay_within_what_there_is(looker: Looker) -> None:
    looker.open(stack(2, 3, batch_size=4))
    looker.begin()
    looker.reader.forward()
    looker.reader.show_unit(9)
    looker.reader.show_row(9)
    assert (looker.reader.unit, looker.reader.row) == (2, 3)
    looker.reader.go_to_stage("loss")
    assert looker.reader.unit == 0
