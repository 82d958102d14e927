"""Everything that a run needs, made once from a document: program, data, and the rules for going on and stopping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from playground.data.prepare import make_table, prepare
from playground.data.table import Array, Dataset, Table
from playground.document.compile import compile_network
from playground.document.model import DataSpec, Document, EarlyStopping, TrainingSpec
from playground.engine.initializers import initial_state
from playground.engine.optimizers import Hyper
from playground.engine.program import Program
from playground.engine.state import State
from playground.engine.training_engine import Batching


@dataclass(frozen=True)
class Rules:
    """What may change while a network trains, and when the run ends; `epochs` counts from where the run was started."""

    hyper: Hyper
    batching: Batching
    epochs: int
    target_loss: float | None = None
    early_stopping: EarlyStopping | None = None
    pace: float | None = None


@dataclass(frozen=True)
class Plan:
    """A document ready to train.

    Attributes:
        meaning: how the outputs are read, see `engine.metrics`.
        given: initial parameters that the document itself brings, by the program's names.
    """

    document: Document
    program: Program
    meaning: str
    dataset: Dataset
    rules: Rules
    given: Mapping[str, Array]

    def initial_state(self) -> State:
        """The state before the first update, the same for the same document."""
        return initial_state(self.program, self.document.training.seed, self.given)


def rules_of(training: TrainingSpec) -> Rules:
    """The part of a plan that can change without stopping."""
    hyper = Hyper(
        training.optimizer, training.learning_rate, training.momentum, training.l1, training.l2, training.nesterov
    )
    batching = Batching(training.batch_size, training.shuffle)
    return Rules(hyper, batching, training.epochs, training.target_loss, training.early_stopping, training.pace)


def table_of(data: DataSpec) -> Table:
    """The raw rows that a document's data stands for; raises UserError."""
    return make_table(
        data.kind, data.samples, data.noise, data.seed, data.columns, data.rows, data.target, data.task, data.classes
    )


def make_plan(document: Document, table: Table | None = None) -> Plan:
    """Compile the network and prepare the data; raises UserError with the first thing that keeps it from training."""
    table = table_of(document.data) if table is None else table
    compiled = compile_network(document, table)
    dataset = prepare(
        table,
        features=compiled.features,
        test_fraction=document.data.test_fraction,
        seed=document.data.seed,
        scaling=document.data.scaling,
        encoding=compiled.encoding,
    )
    given = {
        f"{node}.{role}": np.array(values, dtype=np.float64)
        for node, roles in document.parameters.items()
        for role, values in roles.items()
    }
    return Plan(document, compiled.program, compiled.meaning, dataset, rules_of(document.training), given)
