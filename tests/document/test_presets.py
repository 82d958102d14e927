"""The presets are whole, have no problems, and say what the contract says."""

from __future__ import annotations

import numpy as np
import pytest

from playground.data.prepare import make_table, prepare
from playground.data.table import Table
from playground.document.catalog import title, value
from playground.document.check import problems
from playground.document.compile import compile_network
from playground.document.model import DataSpec
from playground.document.presets import PRESETS

NAMES = (
    "xor",
    "spam-linear",
    "spam-nonlinear",
    "spambase",
    "overfit",
    "circle",
    "moons",
    "spiral",
    "lecture",
    "single-neuron",
)


def table_of(data: DataSpec) -> Table:
    return make_table(
        data.kind, data.samples, data.noise, data.seed, data.columns, data.rows, data.target, data.task, data.classes
    )


def test_that_the_presets_of_the_contract_exist() -> None:
    assert tuple(PRESETS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_that_a_preset_is_ready_to_train(name: str) -> None:
    preset = PRESETS[name]
    assert preset.name == name
    assert str(preset.title)
    assert str(preset.summary).endswith(".")
    table = table_of(preset.document.data)
    assert problems(preset.document, table) == ()
    assert compile_network(preset.document, table).program.size > 0
    assert preset.document.training.pace is not None
    assert preset.document is preset.document


def test_that_xor_has_the_settings_that_solve_every_seed() -> None:
    document = PRESETS["xor"].document
    assert [node.id for node in document.network.nodes] == ["in", "h1", "a1", "out", "loss"]
    assert [value(document.network.node(id), "units") for id in ("h1", "out")] == [4, 1]
    assert str(title(document.network.node("a1"))) == "tanh"
    data, training = document.data, document.training
    assert (data.samples, data.noise, data.test_fraction, data.scaling) == (500, 0.12, 0.5, "none")
    assert (training.optimizer, training.learning_rate, training.momentum) == ("sgd", 0.03, 0.0)
    assert (training.batch_size, training.epochs, training.shuffle) == (10, 200, True)


def test_that_real_mail_goes_into_sixteen_relu_units() -> None:
    document = PRESETS["spambase"].document
    table = table_of(document.data)
    assert value(document.network.node("in"), "features") == table.columns
    widths = compile_network(document, table).program.widths
    assert (widths["in"], widths["h1"], widths["out"]) == (57, 16, 1)
    assert (document.data.test_fraction, document.data.scaling) == (0.25, "standardise")


def test_that_overfitting_has_forty_training_rows() -> None:
    document = PRESETS["overfit"].document
    compiled = compile_network(document, table_of(document.data))
    data = document.data
    dataset = prepare(
        table_of(data),
        features=compiled.features,
        test_fraction=data.test_fraction,
        seed=data.seed,
        scaling=data.scaling,
        encoding=compiled.encoding,
    )
    assert (len(dataset.train), len(dataset.test)) == (40, 360)


@pytest.mark.parametrize("seed", range(5))
def test_that_the_lecture_begins_with_the_lectures_row_and_holds_one_out(seed: int) -> None:
    document = PRESETS["lecture"].document
    table = table_of(document.data)
    compiled = compile_network(document, table)
    data = document.data
    dataset = prepare(
        table,
        features=compiled.features,
        test_fraction=data.test_fraction,
        seed=seed,
        scaling=data.scaling,
        encoding=compiled.encoding,
    )
    assert dataset.train[0] == 0
    assert len(dataset.test) == 1
    assert (dataset.x_train[0].tolist(), dataset.y_train[0].tolist()) == ([1.0, 2.0], [5.0])
    # Every row follows one rule, so that weights which fit all of them exist: C = A + 2B.
    np.testing.assert_allclose(table.features @ [1.0, 2.0], table.targets)
    assert [parameter.name for parameter in compiled.program.parameters] == ["P.weight", "Q.weight"]
    assert [str(title(document.network.node(id))) for id in ("P", "Q")] == ["P", "Q"]


def test_that_a_single_weight_starts_where_the_slope_is_negative() -> None:
    document = PRESETS["single-neuron"].document
    table = table_of(document.data)
    program = compile_network(document, table).program
    assert program.size == 1
    ((weight,),) = document.parameters["out"]["weight"]
    x, y = table.features[:, 0], table.targets
    assert np.mean((weight * x - y) * x) < -1.0
