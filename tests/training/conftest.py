"""Small documents and plans for the training tests."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playground.document.model import DataSpec, Document, Network, Node, TrainingSpec, Wire
from playground.training.plan import Plan, make_plan
from playground.training.trainer import Trainer


def xor_document(**training: Any) -> Document:
    nodes = (
        Node("in", "input", {"features": ("x1", "x2")}),
        Node("h1", "dense", {"units": 4}),
        Node("a1", "activation", {"function": "tanh"}),
        Node("out", "dense", {"units": 1}),
        Node("loss", "loss", {"function": "binary_cross_entropy"}),
    )
    ids = [node.id for node in nodes]
    wires = tuple(Wire(source, target) for source, target in itertools.pairwise(ids))
    return Document(DataSpec(samples=100), Network(nodes, wires), TrainingSpec(**training))


@pytest.fixture
def document() -> Callable[..., Document]:
    """A 2-4-1 network on 100 points of XOR, with the training settings asked for."""
    return xor_document


@pytest.fixture
def plan() -> Callable[..., Plan]:
    """The plan of such a document."""
    return lambda **training: make_plan(xor_document(**training))


@pytest.fixture
def trainer() -> Iterator[Trainer]:
    """A trainer that is closed at the end, whatever happened."""
    made = Trainer()
    yield made
    made.close()
