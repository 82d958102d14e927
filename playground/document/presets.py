"""The built-in experiments: the lecture's pictures and a few more, with settings that were seen to work.

Each is a whole document. `pace` makes the window's run watchable; it never changes a weight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

from playground.data.families import FAMILIES
from playground.document.model import DataSpec, Document, Network, Node, TrainingSpec, Values, Wire
from playground.messages import Message, message


@dataclass(frozen=True)
class Preset:
    """One experiment.

    Attributes:
        name: what the command line calls it.
        title, summary: its name in the window, and one sentence of what it shows.
        build: makes the document; it is called once, when the document is first asked for.
    """

    name: str
    title: Message
    summary: Message
    build: Callable[[], Document]

    @cached_property
    def document(self) -> Document:
        """The whole project, its data included."""
        return self.build()


def _chain(nodes: Sequence[Node]) -> Network:
    """Nodes joined one after the other."""
    wires = tuple(Wire(source.id, target.id) for source, target in pairwise(nodes))
    return Network(tuple(nodes), wires)


def _layers(features: Sequence[str], hidden: Sequence[int], function: str = "tanh", init: str | None = None) -> Network:
    """A classifier of two classes: hidden layers h1, h2, …, each with its activation, then one logit `out`."""
    extra = {} if init is None else {"init": init}
    nodes = [Node("in", "input", {"features": tuple(features)})]
    for number, units in enumerate(hidden, start=1):
        nodes.append(Node(f"h{number}", "dense", {"units": units, **extra}))
        nodes.append(Node(f"a{number}", "activation", {"function": function, "enabled": True}))
    nodes.append(Node("out", "dense", {"units": 1, **extra}))
    nodes.append(Node("loss", "loss", {"function": "binary_cross_entropy"}))
    return _chain(nodes)


def _data(kind: str, **changes: Any) -> DataSpec:
    """A built-in kind of data with its own settings, but for the changes."""
    family = FAMILIES[kind]
    settings: dict[str, Any] = {
        "samples": family.samples,
        "noise": family.noise,
        "test_fraction": family.test_fraction,
        "scaling": family.scaling,
    }
    return DataSpec(kind, **{**settings, **changes})


def _plane(kind: str, hidden: Sequence[int], training: TrainingSpec, **data: Any) -> Document:
    """An experiment on points of a plane in two classes, with tanh after every hidden layer."""
    return Document(_data(kind, **data), _layers(("x1", "x2"), hidden), training)


def _spambase() -> Document:
    training = TrainingSpec(optimizer="adam", learning_rate=0.003, batch_size=32, epochs=20, pace=4.0)
    data = _data("spambase", test_fraction=0.25, scaling="standardise")
    columns = FAMILIES["spambase"].make(data.samples, data.noise, data.seed).columns
    return Document(data, _layers(columns, [16], "relu", "he_uniform"), training)


def _fit(
    columns: Sequence[str],
    rows: Sequence[tuple[float, ...]],
    layers: Sequence[Node],
    training: TrainingSpec,
    parameters: Values,
) -> Document:
    """An experiment by hand: a small table whose last column is the value to find, and a linear network."""
    *features, target = columns
    data = DataSpec(
        "table",
        samples=len(rows),
        noise=0.0,
        test_fraction=0.2,
        columns=tuple(columns),
        rows=tuple(rows),
        target=target,
        task="regression",
    )
    nodes = [
        Node("in", "input", {"features": tuple(features)}),
        *layers,
        Node("loss", "loss", {"function": "half_squared"}),
    ]
    return Document(data, _chain(nodes), training, parameters)


def _lecture() -> Document:
    """P = w1·A + w2·B, Q = w3·P, L = ½(Q − C)²; all rows follow C = A + 2B, so that the weights can be found."""
    rows = ((1, 2, 5), (2, 1, 4), (1, 1, 3), (1, 3, 7), (2, 0, 2))
    layers = [
        Node("P", "dense", {"units": 1, "bias": False}, name="P"),
        Node("Q", "dense", {"units": 1, "bias": False}, name="Q"),
    ]
    training = TrainingSpec(learning_rate=0.01, batch_size=1, epochs=60, shuffle=False, pace=6.0)
    parameters: Values = {"P": {"weight": ((2.0,), (1.0,))}, "Q": {"weight": ((2.0,),)}}
    return _fit(("A", "B", "C"), rows, layers, training, parameters)


def _single_neuron() -> Document:
    """ŷ = w·x on points near y = 1.5x, from w = −1: to the left of the valley, where the slope is negative."""
    rows = ((1.0, 1.4), (0.5, 0.9), (-1.0, -1.6), (1.5, 2.4), (-0.5, -0.7), (2.0, 2.9), (-1.5, -2.1), (-2.0, -3.1))
    layers = [Node("out", "dense", {"units": 1, "bias": False})]
    training = TrainingSpec(learning_rate=0.1, batch_size=len(rows), epochs=40, shuffle=False, pace=4.0)
    return _fit(("x", "y"), rows, layers, training, {"out": {"weight": ((-1.0,),)}})


_ROWS = (
    Preset(
        "xor",
        message("XOR"),
        message("No straight line separates these four clouds: switch the activations off and on."),
        partial(
            _plane,
            "xor",
            [4],
            TrainingSpec(learning_rate=0.03, batch_size=10, epochs=200, pace=14.0),
            samples=500,
            noise=0.12,
            test_fraction=0.5,
        ),
    ),
    Preset(
        "spam-linear",
        message("Spam, separable"),
        message("Mail by two features where one line is enough: a linear model tells spam from ham."),
        partial(
            _plane,
            "spam-linear",
            [4],
            TrainingSpec(learning_rate=0.03, batch_size=10, epochs=100, pace=5.0),
            samples=400,
            noise=0.8,
            scaling="standardise",
        ),
    ),
    Preset(
        "spam-nonlinear",
        message("Spam, not separable"),
        message("Mail by two features where no line is enough: a linear model fails, activations solve it."),
        partial(
            _plane,
            "spam-nonlinear",
            [8],
            TrainingSpec(learning_rate=0.03, batch_size=10, epochs=200, pace=10.0),
            samples=500,
            noise=0.4,
        ),
    ),
    Preset(
        "spambase",
        message("Spam, real mail"),
        message("4,601 real mails by 57 features: how often words and signs occur, and how many capitals."),
        _spambase,
    ),
    Preset(
        "overfit",
        message("Overfitting"),
        message("Few noisy points and a large network: the training loss keeps falling, the test loss turns."),
        partial(
            _plane,
            "moons",
            [32, 32],
            # With seed 3 the test loss turns near epoch 20, late enough to be watched.
            TrainingSpec(optimizer="adam", learning_rate=0.01, batch_size=40, epochs=300, seed=3, pace=15.0),
            samples=400,
            noise=0.4,
            test_fraction=0.9,
            seed=3,
        ),
    ),
    Preset(
        "circle",
        message("Circle"),
        message("One class around the other: enough units together close a line into a ring."),
        partial(
            _plane,
            "circle",
            [8],
            TrainingSpec(learning_rate=0.1, batch_size=10, epochs=150, pace=15.0),
            samples=500,
            noise=0.05,
        ),
    ),
    Preset(
        "moons",
        message("Two moons"),
        message("Two half rings that reach into each other: the boundary has to bend twice."),
        partial(
            _plane,
            "moons",
            [8],
            TrainingSpec(learning_rate=0.1, batch_size=10, epochs=400, pace=60.0),
            samples=500,
            noise=0.15,
        ),
    ),
    Preset(
        "spiral",
        message("Spiral"),
        message("Two arms wound into each other: two hidden layers and patience."),
        partial(
            _plane,
            "spiral",
            [16, 16],
            TrainingSpec(optimizer="adam", learning_rate=0.01, batch_size=10, epochs=100, pace=10.0),
        ),
    ),
    Preset(
        "lecture",
        message("The lecture's graph"),
        message("P = w1·A + w2·B, Q = w3·P and L = ½(Q − C)²: forward, backward and update by hand."),
        _lecture,
    ),
    Preset(
        "single-neuron",
        message("One weight"),
        message("Gradient descent on a single weight: move it against the sign of the slope and watch the loss."),
        _single_neuron,
    ),
)

#: Every preset by its name, in the order in which they are offered.
PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in _ROWS}
