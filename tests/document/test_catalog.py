"""The catalog agrees with the engine and with the model, and its values are judged by their ranges."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from playground.document.catalog import (
    DATA_FIELDS,
    NODE_KINDS,
    TRAINING_FIELDS,
    Field,
    field_of,
    fit,
    kind_of,
    nearest,
    title,
    value,
)
from playground.document.model import DataSpec, Node, TrainingSpec
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.ops import OPS
from playground.messages import UserError, message


def choices(kind: str, key: str) -> set[str]:
    field = NODE_KINDS[kind].field(key)
    assert field is not None
    return {choice for choice, _ in field.choices}


def test_that_every_choice_is_one_the_engine_has() -> None:
    assert choices("activation", "function") <= set(OPS)
    assert choices("loss", "function") <= set(LOSSES)
    assert choices("dense", "init") == set(INITIALIZERS)
    assert {"dense", "dropout", "add", "multiply", "concat"} <= set(OPS)


@pytest.mark.parametrize(("fields", "spec"), [(TRAINING_FIELDS, TrainingSpec()), (DATA_FIELDS, DataSpec())])
def test_that_settings_have_the_models_own_names_and_defaults(fields: tuple[Field, ...], spec: Any) -> None:
    names = {field.name for field in dataclasses.fields(spec)}
    for field in fields:
        assert field.key in names
        assert field.default == getattr(spec, field.key)
        assert fit(field, field.default) == field.default


def test_that_every_field_of_a_node_takes_its_default_and_explains_itself() -> None:
    for kind in NODE_KINDS.values():
        assert str(kind.label)
        assert str(kind.description).endswith(".")
        for field in kind.fields:
            assert fit(field, field.default) == field.default
            assert str(field.help).endswith(".")


def test_that_a_missing_value_is_the_catalogs() -> None:
    node = Node("h1", "dense", {"units": 7})
    assert (value(node, "units"), value(node, "bias"), value(node, "init")) == (7, True, "glorot_uniform")
    assert value(Node("in", "input", {"features": ["a", "b"]}), "features") == ("a", "b")
    assert value(Node("x", "mystery", {"heads": 8}), "heads") == 8
    with pytest.raises(KeyError):
        value(node, "function")
    with pytest.raises(KeyError):
        field_of(Node("x", "mystery"), "heads")


@pytest.mark.parametrize(
    ("node", "called"),
    [
        (Node("h1", "dense"), "Dense 4"),
        (Node("h1", "dense", {"units": 2}), "Dense 2"),
        (Node("h1", "dense", {"units": 2}, name="hidden {0}"), "hidden {0}"),
        (Node("a", "activation", {"function": "leaky_relu"}), "leaky ReLU"),
        (Node("a", "activation"), "tanh"),
        (Node("a", "activation", {"function": "cos"}), "cos"),
        (Node("in", "input"), "Input"),
        (Node("loss", "loss"), "Loss"),
        (Node("c", "concat"), "Concat"),
        (Node("d", "dropout"), "Dropout 0.5"),
        (Node("d", "dropout", {"rate": 0.125}), "Dropout 0.125"),
        (Node("d", "dropout", {"rate": 0}), "Dropout 0"),
        (Node("x", "attention"), "Unknown: attention"),
    ],
)
def test_that_a_card_is_called_by_its_own_name_or_by_what_it_is(node: Node, called: str) -> None:
    assert str(title(node)) == called


def test_that_a_placeholder_takes_and_gives_any_wires() -> None:
    kind = kind_of(Node("x", "attention"))
    assert (kind.inputs, kind.outputs, kind.fields) == ((0, None), 1, ())


RATE = next(field for field in TRAINING_FIELDS if field.key == "learning_rate")
BATCH = next(field for field in TRAINING_FIELDS if field.key == "batch_size")
PACE = next(field for field in TRAINING_FIELDS if field.key == "pace")
SHARE = next(field for field in DATA_FIELDS if field.key == "test_fraction")
FEATURES = NODE_KINDS["input"].fields[0]


@pytest.mark.parametrize(
    ("field", "given", "fitted"),
    [
        (RATE, 1, 1.0),
        (RATE, 10.0, 10.0),
        (RATE, 1e-300, 1e-300),
        (BATCH, 4.0, 4),
        (PACE, None, None),
        (SHARE, 0, 0.0),
        (FEATURES, ["b", "a"], ("b", "a")),
    ],
)
def test_that_a_value_comes_in_its_fields_own_type(field: Field, given: Any, fitted: Any) -> None:
    assert fit(field, given) == fitted
    assert type(fit(field, given)) is type(fitted)


@pytest.mark.parametrize(
    ("field", "given", "better"),
    [
        (RATE, 0.0, 0.03),
        (RATE, 11, 10.0),
        (RATE, float("inf"), 0.03),
        (RATE, "0.1", 0.03),
        (BATCH, 0, 1),
        (BATCH, 2.5, 10),
        (BATCH, None, 10),
        (BATCH, 10**400, 1_000_000),
        (RATE, 10**400, 0.03),
        (SHARE, 1.0, 0.5),
        (SHARE, -0.1, 0.0),
        (FEATURES, [], ("x1", "x2")),
        (FEATURES, ["a", "a"], ("x1", "x2")),
        (FEATURES, "ab", ("x1", "x2")),
    ],
)
def test_that_a_value_that_does_not_fit_is_refused_and_the_nearest_fits(field: Field, given: Any, better: Any) -> None:
    with pytest.raises(UserError) as refused:
        fit(field, given)
    sentence = str(refused.value)
    assert sentence.startswith(f"{field.label} is ")
    assert str(field.range) in sentence
    assert len(sentence) < 200
    assert nearest(field, given) == better
    assert fit(field, nearest(field, given)) == better


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (Field("n", message("n"), "int", 0), "a whole number"),
        (Field("n", message("n"), "float", 0.0), "a number"),
        (Field("n", message("n"), "float", 1.0, 0.0, above=True), "a number above 0"),
        (Field("n", message("n"), "float", 1.0, 0.5), "0.5 or more"),
        (Field("n", message("n"), "float", 1.0, None, 2.0), "at most 2"),
        (Field("n", message("n"), "float", 1.0, 0.0, 2.0), "from 0 to 2"),
    ],
)
def test_that_a_range_is_said_in_words(field: Field, words: str) -> None:
    assert str(field.range) == words
