"""The document: what the user built, as frozen plain data. Every change makes a new one (see `edits`).

A field that a class does not know is kept in `extra`, so that unknown keys of a file survive a round trip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Node:
    """One card on the canvas. `kind` is a row of `catalog.NODE_KINDS`, or unknown: then it is kept and not trained.

    `fields` holds the values of the kind's own fields; a missing one has the catalog's default (`catalog.value`).
    """

    id: str
    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    position: tuple[float, float] | None = None

    @cached_property
    def known(self) -> dict[str, Any]:
        """What has been worked out of this very node, wherever it stands. It is no part of the node."""
        return {}

    def placed(self, position: tuple[float, float] | None) -> Node:
        """The same node at another place; what is known of it holds there too."""
        if position == self.position:
            return self
        moved = Node(self.id, self.kind, self.fields, self.name, position)
        moved.__dict__["known"] = self.known
        return moved


@dataclass(frozen=True)
class Wire:
    """The output of one node carried to another; no two wires join the same pair."""

    source: str
    target: str


@dataclass(frozen=True)
class Network:
    """Nodes and wires. The order of wires is the order of a node's inputs."""

    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def node(self, id: str) -> Node:
        """The node of that id; raises KeyError."""
        for node in self.nodes:
            if node.id == id:
                return node
        raise KeyError(id)

    def sources(self, id: str) -> tuple[str, ...]:
        """The ids of the nodes whose output this one takes, in wire order."""
        return tuple(wire.source for wire in self.wires if wire.target == id)

    def targets(self, id: str) -> tuple[str, ...]:
        """The ids of the nodes that take this one's output, in wire order."""
        return tuple(wire.target for wire in self.wires if wire.source == id)


@dataclass(frozen=True)
class DataSpec:
    """Which data, how much of it, how it is split and scaled. The table kinds hold the user's own raw rows."""

    kind: str = "xor"
    samples: int = 500
    noise: float = 0.12
    test_fraction: float = 0.5
    seed: int = 0
    scaling: str = "none"
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    target: str | None = None
    task: str | None = None
    classes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the test loss has not fallen by `min_delta` for `patience` epochs; then restore the best weights."""

    patience: int = 10
    min_delta: float = 0.0
    restore_best: bool = True


@dataclass(frozen=True)
class TrainingSpec:
    """How the network is trained. `pace`: epochs a second in the window, None for full speed; never changes weights."""

    optimizer: str = "sgd"
    learning_rate: float = 0.03
    momentum: float = 0.0
    nesterov: bool = False
    batch_size: int = 10
    l1: float = 0.0
    l2: float = 0.0
    epochs: int = 200
    seed: int = 0
    shuffle: bool = True
    early_stopping: EarlyStopping | None = None
    target_loss: float | None = None
    pace: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


#: Numbers by parameter: node id → role ("weight", "bias") → nested tuples of floats, a weight as [inputs][units].
Values = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Document:
    """The whole project but for what was learned. `parameters` are given initial values; absent: from the seed."""

    data: DataSpec = DataSpec()
    network: Network = Network()
    training: TrainingSpec = TrainingSpec()
    parameters: Values = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
