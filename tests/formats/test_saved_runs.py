"""A run that is saved and opened again goes on as if it had never stopped."""

import json

import numpy as np
import pytest
from projects import PROGRAM, XOR, strictly

from playground.engine.initializers import initial_state
from playground.engine.optimizers import Hyper
from playground.engine.training_engine import Batching, WalkEngine
from playground.formats.numbers import arrays
from playground.formats.project import project_json, read_project, state_from_project

X = np.random.default_rng(5).normal(size=(23, 2))
Y = (X[:, :1] * X[:, 1:] > 0).astype(np.float64)
ADAM = Hyper("adam", 0.01, l2=0.01)
BATCHING = Batching(10)


def start():
    document = read_project(json.dumps(XOR)).document
    return document, initial_state(PROGRAM, document.training.seed, arrays(document.parameters))


def reopened(document, state):
    text = project_json(document, PROGRAM, state)
    strictly(text)
    project = read_project(text.encode(), "saved.json")
    return project.document, state_from_project(project, PROGRAM)


@pytest.mark.parametrize(
    "hyper",
    [
        ADAM,
        Hyper("sgd", 0.1, 0.9),
        Hyper("sgd", 0.1, 0.9, nesterov=True),
        Hyper("rmsprop", 0.01),
        Hyper("adagrad", 0.1),
        Hyper("sgd", 0.1, l1=0.001),
    ],
)
@pytest.mark.parametrize("batches", [15, 7])
def test_that_saving_and_opening_between_any_two_batches_changes_no_bit(hyper, batches):
    document, straight = start()
    whole = WalkEngine(PROGRAM, X, Y)
    _, broken = start()
    for _ in range(30):
        whole.train(straight, hyper, BATCHING, 1)
    for _ in range(batches):
        WalkEngine(PROGRAM, X, Y).train(broken, hyper, BATCHING, 1)
    document, broken = reopened(document, broken)
    for _ in range(30 - batches):
        WalkEngine(PROGRAM, X, Y).train(broken, hyper, BATCHING, 1)
    assert broken.values.tobytes() == straight.values.tobytes()
    assert broken.epoch == straight.epoch == 10
    assert broken.updates == straight.updates == 30


def test_that_reset_after_opening_returns_to_the_same_start():
    document, state = start()
    first = state.values.copy()
    for _ in range(6):
        WalkEngine(PROGRAM, X, Y).train(state, ADAM, BATCHING, 1)
    document, state = reopened(document, state)
    assert not np.array_equal(state.values, first)
    again = initial_state(PROGRAM, document.training.seed, arrays(document.parameters))
    assert again.values.tobytes() == first.tobytes()


def test_that_a_run_that_diverged_saves_as_strict_json_and_opens_again():
    document, state = start()
    engine = WalkEngine(PROGRAM, X * 1e160, Y)
    chunk = engine.train(state, Hyper("sgd", 1e160), BATCHING, 3)
    assert chunk.diverged_at is not None
    _, again = reopened(document, state)
    assert again.values.tobytes() == state.values.tobytes()
