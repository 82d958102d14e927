"""Exported weights give the app's own answers to raw rows, in every format."""

import io

import hand_made
import numpy as np
import pytest
import safetensors.numpy
from answers import ANSWERING, MEANINGS, run, simple

from playground.formats.model import model_of
from playground.formats.npz import npz_bytes, read_npz
from playground.formats.onnx_graph import onnx_bytes
from playground.formats.onnx_reading import read_onnx
from playground.formats.tensors import read_safetensors, safetensors_bytes
from playground.formats.weights import FORMATS, app_answers, export, read_model


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("meaning", MEANINGS)
def test_that_every_format_and_meaning_gives_the_apps_answers_from_a_korean_folder(folder, suffix, meaning):
    trained = simple(meaning, scaling="standardise")
    path = folder / f"신경망 모델{suffix}"
    report = export(path, trained)
    assert report.path == path
    assert report.bytes == path.stat().st_size
    assert report.max_difference <= (1e-5 if suffix == ".onnx" else 1e-12)
    assert "90 raw rows" in str(report.compared)
    assert [file.name for file in folder.iterdir()] == [path.name]
    if suffix in ANSWERING:
        rows, expected = app_answers(trained)
        read = read_model(path)
        np.testing.assert_allclose(read.predict(rows), expected, rtol=0, atol=1e-5 if suffix == ".onnx" else 1e-12)
        assert read.columns == ("x1", "x2")


@pytest.mark.parametrize(
    ("meaning", "columns"),
    [("logit", ("spam",)), ("score_pm", ("spam",)), ("logits", ("a", "b", "c")), ("value", ("answer",))],
)
def test_that_the_columns_of_the_answer_have_names(meaning, columns):
    model = model_of(simple(meaning))
    assert model.output_columns == columns
    assert read_onnx(onnx_bytes(model)).output_columns == columns
    assert model.predict(np.zeros((3, 2))).shape == (3, len(columns))


def test_that_two_classes_with_an_output_each_give_the_second_ones_probability():
    data = hand_made.table(("x1", "x2"), 60)
    trained = hand_made.trained(hand_made.two_layers, data, ("x1", "x2"), "logits")
    model = model_of(trained)
    rows = data.features
    outputs = model.outputs(rows)
    odds = 1.0 / (1.0 + np.exp(outputs[:, :1] - outputs[:, 1:]))
    np.testing.assert_allclose(model.predict(rows), odds, atol=1e-12)
    result = run(onnx_bytes(model), rows)
    assert result.shape == (60, 1)
    np.testing.assert_allclose(result, odds, atol=1e-5)


GEMM = [
    ([[1, 2, 3], [4, 5, 6]], [10, 20, 30], [1, 2], [19, 32, 45]),
    ([[1, 2], [3, 4]], [0, 0], [1, 0], [1, 2]),
]


@pytest.mark.parametrize(("weight", "bias", "row", "answer"), GEMM)
def test_that_layouts_are_right_by_value_also_where_the_matrix_is_square(weight, bias, row, answer):
    units = len(answer)
    data = hand_made.table(("x1", "x2"), 12, "regression")

    def build(builder, outputs):
        # One answer out of the layer's units would hide a swapped layout: let every unit be seen in turn.
        return builder.dense(builder.dense("in", units, weight=weight, shift=bias), 1, weight=pick, bias=False)

    for unit in range(units):
        pick = np.eye(units)[:, unit : unit + 1]
        model = model_of(hand_made.trained(build, data, ("x1", "x2"), "value"))
        rows = np.array([row], dtype=np.float64)
        assert read_npz(npz_bytes(model)).predict(rows)[0, 0] == answer[unit]
        assert read_safetensors(safetensors_bytes(model)).predict(rows)[0, 0] == answer[unit]
        assert run(onnx_bytes(model), rows)[0, 0] == answer[unit]
        named = dict(np.load(io.BytesIO(npz_bytes(model))))
        assert named["d0.weight"].tolist() == weight
        assert safetensors.numpy.load(safetensors_bytes(model))["d0.weight"].tolist() == weight


def test_that_softmax_is_applied_once():
    data = hand_made.table(("x1", "x2"), 30, classes=("a", "b", "c"))

    def build(builder, outputs):
        return builder.dense("in", 3, weight=[[2, 0, 0], [0, 0, -1000]], shift=[0, 0, -1000])

    model = model_of(hand_made.trained(build, data, ("x1", "x2"), "logits"))
    row = np.array([[1.0, 0.0]])
    expected = [[0.88079708, 0.11920292, 0.0]]
    for answer in (
        read_npz(npz_bytes(model)).predict(row),
        read_safetensors(safetensors_bytes(model)).predict(row),
        run(onnx_bytes(model), row),
    ):
        np.testing.assert_allclose(answer, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("meaning", "outputs", "shown"),
    [
        ("score01", [-0.5, 0.25, 1.5], [0.0, 0.25, 1.0]),
        ("score_pm", [-2.0, -0.5, 0.0, 0.5, 3.0], [0.0, 0.25, 0.5, 0.75, 1.0]),
        ("value", [-7.0, 0.0, 9.0], [-7.0, 0.0, 9.0]),
    ],
)
def test_that_scores_are_mapped_into_zero_to_one_and_values_left_alone(meaning, outputs, shown):
    data = hand_made.table(("c1",), 20, "regression" if meaning == "value" else "classification")
    model = model_of(
        hand_made.trained(lambda builder, _: builder.dense("in", 1, weight=[[1]], shift=[0]), data, ("c1",), meaning)
    )
    rows = np.array(outputs)[:, None]
    np.testing.assert_allclose(model.predict(rows)[:, 0], shown, atol=1e-15)
    np.testing.assert_allclose(run(onnx_bytes(model), rows)[:, 0], shown, atol=1e-6)
