"""ONNX graphs in onnxruntime and in the reference evaluator, and what is pinned in the file."""

import json

import hand_made
import numpy as np
import onnx
import pytest
from answers import MEANINGS, run, simple
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import numpy_helper

from playground.data.features import PLANE_FEATURES
from playground.engine.ops import ACTIVATIONS, OPS
from playground.formats.model import model_of, texts_of
from playground.formats.npz import npz_bytes, read_npz
from playground.formats.onnx_graph import EMITTERS, FEATURES, onnx_bytes
from playground.formats.onnx_reading import read_onnx
from playground.formats.tensors import read_safetensors, safetensors_bytes
from playground.formats.weights import app_answers


def test_that_every_operation_and_feature_has_its_nodes():
    assert set(EMITTERS) == set(OPS)
    assert set(FEATURES) == set(PLANE_FEATURES) - {"x1", "x2"}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("scaling", ["none", "standardise", "min_max"])
@pytest.mark.parametrize("features", [("x2", "x1"), ("x2",), PLANE_FEATURES, ("x1*x2", "sin(x2)", "x1^2")])
def test_that_onnxruntime_gives_the_answers_of_raw_rows(activation, scaling, features):
    def build(builder, outputs):
        first = builder.op(activation, builder.dense("in", 5))
        second = builder.op(activation, builder.dense(first, 4, bias=False))
        return builder.dense(second, outputs)

    data = hand_made.table(("x1", "x2"), 1000, spread=2.0, centre=0.7)
    trained = hand_made.trained(build, data, features, "logit", scaling=scaling)
    rows, expected = app_answers(trained)
    assert len(rows) == 1000
    answers = run(onnx_bytes(model_of(trained)), rows)
    assert np.abs(answers - expected).max() < 1e-5


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_that_onnxruntime_reproduces_random_graphs(data):
    seed = data.draw(st.integers(0, 10**6))
    meaning = data.draw(st.sampled_from(MEANINGS))
    columns = [f"c{k}" for k in range(data.draw(st.integers(1, 5)))]
    features = tuple(data.draw(st.permutations(columns)))

    def build(builder, outputs):
        buffers = [builder.dense("in", 3), builder.dense("in", 3, bias=False)]
        for _ in range(data.draw(st.integers(1, 6))):
            kind = data.draw(st.sampled_from(["activation", "dense", "dropout", "add", "multiply", "concat"]))
            source = data.draw(st.sampled_from(buffers))
            if kind == "dense":
                made = builder.dense(source, data.draw(st.integers(1, 6)), data.draw(st.booleans()))
            elif kind == "dropout":
                made = builder.dropout(source, data.draw(st.floats(0.0, 0.99)))
            elif kind == "activation":
                made = builder.op(data.draw(st.sampled_from(ACTIVATIONS)), source)
            else:
                like = [b for b in buffers if kind == "concat" or builder.widths[b] == builder.widths[source]]
                made = builder.op(kind, source, *data.draw(st.lists(st.sampled_from(like), min_size=1, max_size=3)))
            buffers.append(made)
        return builder.dense(builder.op("tanh", buffers[-1]), outputs)

    classes = ("a", "b", "c") if meaning in ("logits", "scores01", "scores_pm") else ("no", "yes")
    task = "regression" if meaning == "value" else "classification"
    raw = hand_made.table(columns, 200, task, classes, np.random.default_rng(seed))
    scaling = data.draw(st.sampled_from(["none", "standardise", "min_max"]))
    trained = hand_made.trained(build, raw, features, meaning, scaling=scaling, seed=seed)
    rows, expected = app_answers(trained)
    model = model_of(trained)
    scale = max(1.0, np.abs(expected).max())
    assert np.abs(run(onnx_bytes(model), rows) - expected).max() < 1e-5 * scale
    assert np.abs(read_onnx(onnx_bytes(model)).predict(rows) - expected).max() < 1e-5 * scale
    for read in (read_npz(npz_bytes(model)), read_safetensors(safetensors_bytes(model))):
        assert read.program == model.program
        assert read.values.tobytes() == model.values.tobytes()
        np.testing.assert_allclose(read.predict(rows), expected, rtol=0, atol=1e-12 * scale)


def test_that_the_file_has_the_pinned_numbers_and_one_named_batch_axis():
    proto = onnx.load_model_from_string(onnx_bytes(model_of(simple("logit", scaling="standardise"))))
    onnx.checker.check_model(proto, full_check=True)
    assert proto.ir_version == 8
    assert [(entry.domain, entry.version) for entry in proto.opset_import] == [("", 13)]
    (source,) = proto.graph.input
    (result,) = proto.graph.output
    assert [source.type.tensor_type.elem_type, result.type.tensor_type.elem_type] == [onnx.TensorProto.FLOAT] * 2
    assert [side.dim_param or side.dim_value for side in source.type.tensor_type.shape.dim] == ["N", 2]
    assert [side.dim_param or side.dim_value for side in result.type.tensor_type.shape.dim] == ["N", 1]
    assert result.name == "probabilities"
    arrays = [numpy_helper.to_array(tensor) for tensor in proto.graph.initializer]
    assert {array.dtype for array in arrays if array.dtype != np.int64} == {np.dtype(np.float32)}
    for node in proto.graph.node:
        assert node.domain == ""
        if node.op_type == "Gemm":
            written = {entry.name: onnx.helper.get_attribute_value(entry) for entry in node.attribute}
            assert written == {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}


def test_that_every_attribute_of_every_operator_is_written():
    def build(builder, outputs):
        last = builder.dense("in", 3)
        for activation in ACTIVATIONS:
            last = builder.op(activation, last)
        last = builder.op("concat", last, builder.op("add", last, last), builder.op("multiply", last, last))
        return builder.dense(last, outputs)

    data = hand_made.table(("x1", "x2"), 40, classes=("a", "b", "c"))
    proto = onnx.load_model_from_string(onnx_bytes(model_of(hand_made.trained(build, data, ("x2",), "logits"))))
    seen = set()
    for node in proto.graph.node:
        schema = onnx.defs.get_schema(node.op_type, 13, "")
        assert set(schema.attributes) == {entry.name for entry in node.attribute}, node.op_type
        seen.add(node.op_type)
    assert {"Gather", "Gemm", "Softmax", "Erf", "Elu", "LeakyRelu", "Concat"} <= seen
    softmax = [node for node in proto.graph.node if node.op_type == "Softmax"]
    assert [onnx.helper.get_attribute_value(node.attribute[0]) for node in softmax] == [-1, -1]


def test_that_a_regressions_output_is_called_value_and_the_metadata_tell_the_rest():
    proto = onnx.load_model_from_string(onnx_bytes(model_of(simple("value"))))
    assert proto.graph.output[-1].name == "value"
    texts = {entry.key: entry.value for entry in proto.metadata_props}
    assert json.loads(texts["columns"]) == ["x1", "x2"]
    assert json.loads(texts["classes"]) == []
    assert texts["meaning"] == "value"
    assert "x1, x2" in proto.doc_string
    classes = onnx.load_model_from_string(onnx_bytes(model_of(simple("logit"))))
    assert json.loads({entry.key: entry.value for entry in classes.metadata_props}["classes"]) == ["ham", "spam"]


class Renaming(hand_made.Builder):
    """Gives nodes the names that a graph could trip over."""

    NAMES = ("input", "probabilities", "scaling:scale", "h1.weight", "은닉 층/..", "column:x1")

    def _add(self, op, node, sources, width, names=()):
        return super()._add(op, self.NAMES[len(self.instructions)], sources, width, names)


def test_that_any_node_id_and_column_name_makes_a_valid_file():
    def build(builder, outputs):
        last = "in"
        for _ in range(2):
            last = builder.op("gelu", builder.dense(last, 2))
        return builder.op("softplus", builder.dense(last, outputs))

    data = hand_made.table(("input", '한글, "열"', "x1"), 50)
    features = ("x1^2", "input", '한글, "열"')
    trained = hand_made.trained(build, data, features, "logit", scaling="standardise", builder=Renaming)
    rows, expected = app_answers(trained)
    model = model_of(trained)
    assert np.abs(run(onnx_bytes(model), rows) - expected).max() < 1e-5
    for read in (read_npz(npz_bytes(model)), read_safetensors(safetensors_bytes(model))):
        assert texts_of(read) == texts_of(model)
        np.testing.assert_allclose(read.predict(rows), expected, rtol=0, atol=1e-12)


def test_that_large_offsets_do_not_cost_the_digits_of_float32():
    # Years: exact in float32, but their mean is not, and a deviation of 5 is small beside it.
    generator = np.random.default_rng(1)
    data = hand_made.table(("year", "x"), 400, generator=generator)
    data.features[:, 0] = generator.integers(1_900_000, 1_900_020, 400)
    trained = hand_made.trained(hand_made.two_layers, data, ("year", "x"), "logit", scaling="standardise")
    rows, expected = app_answers(trained)
    assert np.abs(run(onnx_bytes(model_of(trained)), rows) - expected).max() < 1e-6


def test_that_large_inputs_overflow_in_no_runtime():
    def build(builder, outputs):
        last = builder.dense("in", 2, weight=[[100.0, -100.0]], shift=[0, 0])
        curves = [builder.op(name, last) for name in ("softplus", "elu", "swish", "gelu", "sigmoid")]
        return builder.dense(builder.op("concat", *curves), outputs)

    data = hand_made.table(("c1",), 50, "regression", spread=10.0)
    trained = hand_made.trained(build, data, ("c1",), "value")
    rows, expected = app_answers(trained)
    scale = np.abs(expected).max()
    assert scale > 100
    assert np.abs(run(onnx_bytes(model_of(trained)), rows) - expected).max() < 1e-5 * scale
    assert np.abs(read_onnx(onnx_bytes(model_of(trained))).predict(rows) - expected).max() < 1e-5 * scale
