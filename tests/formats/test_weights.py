"""Exported weights give the app's own answers to raw rows, in every format, through the real consumers."""

import io
import json
import os
import subprocess
import sys
import zipfile

import hand_made
import numpy as np
import onnx
import onnxruntime
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import numpy_helper

from playground.data.features import PLANE_FEATURES
from playground.engine.ops import ACTIVATIONS, OPS
from playground.engine.state import State
from playground.formats import npz, onnx_graph, tensors, weights, writing
from playground.formats.model import model_of, tensors_of, texts_of
from playground.formats.npz import npz_bytes, read_npz
from playground.formats.onnx_graph import EMITTERS, FEATURES, onnx_bytes
from playground.formats.onnx_reading import read_onnx
from playground.formats.project import read_project_file, state_from_project
from playground.formats.tensors import read_safetensors, safetensors_bytes
from playground.formats.weights import FORMATS, app_answers, export, read_model
from playground.messages import UserError

MEANINGS = tuple(hand_made.ENCODINGS)
ANSWERING = (".npz", ".safetensors", ".onnx")


def runtime(data):
    """onnxruntime on the bytes, with its optimisations as a consumer has them, one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def run(data, rows):
    return runtime(data).run(None, {"input": rows.astype(np.float32)})[-1]


def simple(meaning="logit", **options):
    classes = ("a", "b", "c") if meaning in ("logits", "scores01", "scores_pm") else ("ham", "spam")
    task = "regression" if meaning == "value" else "classification"
    data = hand_made.table(("x1", "x2"), 90, task, classes)
    return hand_made.trained(hand_made.two_layers, data, ("x1", "x2"), meaning, **options)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "한글 폴더 é"
    path.mkdir()
    return path


# --- every number and every answer -----------------------------------------------------------------


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


# --- ONNX ------------------------------------------------------------------------------------------


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
            kind = data.draw(st.sampled_from(["activation", "dense", "add", "multiply", "concat"]))
            source = data.draw(st.sampled_from(buffers))
            if kind == "dense":
                made = builder.dense(source, data.draw(st.integers(1, 6)), data.draw(st.booleans()))
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


# --- npz and safetensors ---------------------------------------------------------------------------


def test_that_numpy_reads_every_key_without_pickles():
    with np.load(io.BytesIO(npz_bytes(model_of(simple("logit", scaling="standardise")))), allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    assert all(array.dtype != object for array in arrays.values())
    assert arrays["features"].tolist() == ["x1", "x2"]
    assert arrays["classes"].tolist() == ["ham", "spam"]
    assert arrays["scale"].shape == (2,)
    assert str(arrays["meaning"]) == "logit"
    assert {key for key in arrays if "." in key} == {"d0.weight", "d0.bias", "d2.weight", "d2.bias"}
    # The whole of the app's answer by hand, from the file alone:
    x = (np.array([[0.3, -1.2]]) - arrays["offset"]) / arrays["scale"]
    hidden = np.tanh(x @ arrays["d0.weight"] + arrays["d0.bias"])
    logit = hidden @ arrays["d2.weight"] + arrays["d2.bias"]
    answer = read_npz(npz_bytes(model_of(simple("logit", scaling="standardise")))).predict(np.array([[0.3, -1.2]]))
    np.testing.assert_allclose(1 / (1 + np.exp(-logit)), answer, atol=1e-14)


class Trap:
    """Runs a program when it is unpickled."""

    def __reduce__(self):
        return (os.mkdir, ("trapped",))


@pytest.mark.parametrize("key", ["d0.weight", "columns", "graph"])
def test_that_an_object_array_is_refused_and_nothing_executed(tmp_path, monkeypatch, key):
    monkeypatch.chdir(tmp_path)
    model = model_of(simple())
    arrays = dict(np.load(io.BytesIO(npz_bytes(model))))
    arrays[key] = np.array([Trap()], dtype=object)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    with pytest.raises(UserError, match=f"trap.npz: {key} holds Python objects"):
        read_npz(buffer.getvalue(), "trap.npz")
    assert not (tmp_path / "trapped").exists()


def test_that_strided_memory_comes_back_in_its_logical_order(monkeypatch):
    # safetensors writes a transposed view in memory order and says nothing: give it such views all the same.
    model = model_of(simple())
    assert all(tensor.flags.c_contiguous for tensor in tensors_of(model).values())
    original = tensors_of(model)
    strided = {name: np.asfortranarray(np.vstack([tensor, tensor]) if tensor.ndim == 2 else tensor)[: len(tensor)]
               for name, tensor in original.items()}  # fmt: skip
    assert not strided["d0.weight"].flags.c_contiguous
    monkeypatch.setattr(type(model.program), "views", lambda self, vector: strided)
    data, arrays = safetensors_bytes(model), npz_bytes(model)
    monkeypatch.undo()
    for name, tensor in original.items():
        np.testing.assert_array_equal(safetensors.numpy.load(data)[name], tensor)
        np.testing.assert_array_equal(np.load(io.BytesIO(arrays))[name], tensor)


def test_that_a_scrambled_tensor_is_noticed_before_the_file_is_put_in_place(folder, monkeypatch):
    path = folder / "weights.safetensors"
    path.write_bytes(b"old")

    def scrambled(model):
        return {name: tensor.T if tensor.ndim == 2 else tensor for name, tensor in tensors_of(model).items()}

    trained = simple()
    monkeypatch.setattr(tensors, "tensors_of", scrambled)
    with pytest.raises(UserError, match=r"weights\.safetensors"):
        export(path, trained)
    assert path.read_bytes() == b"old"
    assert [file.name for file in folder.iterdir()] == [path.name]


def test_that_tensors_have_float64_and_the_metadata_are_texts():
    data = safetensors_bytes(model_of(simple()))
    assert {tensor.dtype for tensor in safetensors.numpy.load(data).values()} == {np.dtype(np.float64)}
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert header["d0.weight"]["shape"] == [2, 4]
    assert all(isinstance(value, str) for value in header["__metadata__"].values())


def test_that_awkward_numbers_and_names_come_back_exactly():
    data = hand_made.table(("a.b", " ", "é"), 40, classes=("", "Ünï "))
    trained = hand_made.trained(hand_made.two_layers, data, data.columns, "logit", scaling="standardise")
    trained.values[:4] = [0.1 + 0.2, -0.0, 5e-324, 1 / 3]
    for read in (read_npz(npz_bytes(model_of(trained))), read_safetensors(safetensors_bytes(model_of(trained)))):
        assert texts_of(read) == texts_of(model_of(trained))
        assert read.values.tobytes() == trained.values.tobytes()


# --- files that are not what they should be --------------------------------------------------------


@pytest.mark.parametrize("suffix", ANSWERING)
@pytest.mark.parametrize("data", [b"", b"PK", b"\0" * 100, b"x" * 5000, b"\xff" * 8 + b"{}"])
def test_that_garbage_is_refused_in_one_sentence(tmp_path, suffix, data):
    path = tmp_path / f"weights{suffix}"
    path.write_bytes(data)
    with pytest.raises(UserError, match=f"weights\\{suffix}") as caught:
        read_model(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", ANSWERING)
def test_that_a_damaged_file_never_ends_in_anything_but_a_sentence(suffix):
    data = {".npz": npz_bytes, ".safetensors": safetensors_bytes, ".onnx": onnx_bytes}[suffix](model_of(simple()))
    read = {".npz": read_npz, ".safetensors": read_safetensors, ".onnx": read_onnx}[suffix]
    generator = np.random.default_rng(0)
    refused = 0
    for _ in range(150):
        damaged = bytearray(data)
        if generator.random() < 0.4:
            damaged = damaged[: generator.integers(len(data))]
        else:
            for place in generator.integers(0, len(data), 3).tolist():
                damaged[place] = int(generator.integers(256))
        try:
            read(bytes(damaged), "damaged")
        except UserError:
            refused += 1
    assert refused > 30


def test_that_foreign_files_are_named_as_such():
    buffer = io.BytesIO()
    np.savez(buffer, a=np.zeros(3))
    with pytest.raises(UserError, match="holds no network of Backprop Playground"):
        read_npz(buffer.getvalue())
    with pytest.raises(UserError, match="holds no network of Backprop Playground"):
        read_safetensors(safetensors.numpy.save({"a": np.zeros(3)}))
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["x"], ["y"])], "g",
        [onnx.helper.make_tensor_value_info("x", 1, ["N"])], [onnx.helper.make_tensor_value_info("y", 1, ["N"])],
    )  # fmt: skip
    proto = onnx.helper.make_model(graph, ir_version=8, opset_imports=[onnx.helper.make_opsetid("", 13)])
    with pytest.raises(UserError, match="holds no network of Backprop Playground"):
        read_onnx(proto.SerializeToString())


def test_that_an_archive_that_unpacks_to_gigabytes_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(npz, "LARGEST", 1000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", bytes(100_000))
    with pytest.raises(UserError, match="unpacks to more"):
        read_npz(buffer.getvalue())


def retold(**changes):
    texts = texts_of(model_of(simple())) | changes
    told = {key: text for key, text in texts.items() if text != "..."}
    return safetensors.numpy.save(tensors_of(model_of(simple())), metadata=told)


def regraphed(**changes):
    graph = json.loads(texts_of(model_of(simple()))["graph"])
    return retold(graph=json.dumps(graph | changes))


INSTRUCTION = {"op": "dense", "node": "d0", "inputs": ["in"], "output": "d0", "parameters": ["d0.weight", "d0.bias"]}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (retold(version="2"), "version 2; this program reads version 1"),
        (retold(graph="..."), "lacks its graph"),
        (retold(graph="{"), "not valid JSON"),
        (retold(columns='["x1"]'), "contradicts itself"),
        (retold(columns="[1]"), r"columns\[0\] is 1"),
        (retold(features='["x1", "x9"]'), "contradicts itself"),
        (retold(scale="[1, 0]"), "contradicts itself"),
        (retold(scale="[1, NaN]"), "not a finite number"),
        (retold(offset="[1]"), "contradicts itself"),
        (retold(meaning="logits"), "contradicts itself"),
        (retold(meaning="magic"), "contradicts itself"),
        (retold(classes='["a", "b", "c"]'), "contradicts itself"),
        (regraphed(width=0), "graph.width is 0"),
        (regraphed(width=3), "widths fit"),
        (regraphed(loss="magic"), "graph.loss is"),
        (regraphed(prediction="ghost"), "graph.prediction is"),
        (regraphed(parameters=[{"node": "d9", "role": "weight"}]), r"graph.parameters\[0\]"),
        (regraphed(parameters=[{"node": "d0", "role": "weight"}] * 2), "different names"),
        (regraphed(instructions=[{**INSTRUCTION, "op": "magic"}]), r"graph.instructions\[0\].op"),
        (regraphed(instructions=[{**INSTRUCTION, "inputs": ["ghost"]}]), "written before"),
        (regraphed(instructions=[{**INSTRUCTION, "inputs": ["in", "in"]}]), "inputs and parameters of its operation"),
        (regraphed(instructions=[{**INSTRUCTION, "parameters": ["d0.bias"]}]), "inputs and parameters"),
        (regraphed(instructions=[{**INSTRUCTION, "parameters": ["d0.weight", "d2.bias"]}]), "inputs and parameters"),
        (regraphed(instructions=[INSTRUCTION, INSTRUCTION]), "not written before"),
    ],
)  # fmt: skip
def test_that_a_file_that_contradicts_itself_is_refused(data, sentence):
    with pytest.raises(UserError, match=sentence):
        read_safetensors(data, "weights.safetensors")


def test_that_rows_of_another_width_are_refused_with_the_columns_names():
    model = model_of(simple())
    for read in (model, read_onnx(onnx_bytes(model))):
        with pytest.raises(UserError, match="have 3 columns; the network takes 2: x1, x2"):
            read.predict(np.zeros((4, 3)))


# --- the export as a whole -------------------------------------------------------------------------


def test_that_an_unknown_suffix_lists_the_formats(tmp_path):
    with pytest.raises(UserError, match=r"“.h5” is no format .* \.npz, \.safetensors, \.onnx, \.json"):
        export(tmp_path / "weights.h5", simple())
    with pytest.raises(UserError, match="is no format"):
        export(tmp_path / "weights", simple())
    with pytest.raises(UserError, match="is no exported network"):
        read_model(tmp_path / "weights.h5")
    assert list(tmp_path.iterdir()) == []


def test_that_a_suffix_in_capitals_is_known(tmp_path):
    assert export(tmp_path / "WEIGHTS.NPZ", simple()).path.exists()
    assert read_model(tmp_path / "WEIGHTS.NPZ").columns == ("x1", "x2")


@pytest.mark.parametrize("suffix", FORMATS)
def test_that_weights_that_are_not_finite_are_never_exported(tmp_path, suffix):
    trained = simple()
    trained.values[2] = np.nan
    with pytest.raises(UserError, match="not finite"):
        export(tmp_path / f"weights{suffix}", trained)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("stage", ["fsync", "replace"])
def test_that_a_failed_write_leaves_the_old_export(folder, monkeypatch, suffix, stage):
    path = folder / f"weights{suffix}"
    path.write_bytes(b"old")
    monkeypatch.setattr(writing, "RENAME_PAUSES", ())
    monkeypatch.setattr(os, stage, lambda *args: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(UserError, match="disk is full"):
        export(path, simple())
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [file.name for file in folder.iterdir()] == [path.name]


def test_that_answers_that_float32_cannot_give_are_not_called_a_success(tmp_path):
    def build(builder, outputs):
        return builder.dense(builder.op("sin", builder.dense("in", 1, weight=[[1e7]], shift=[0])), 1, weight=[[1]])

    data = hand_made.table(("c1",), 60, "regression")
    trained = hand_made.trained(build, data, ("c1",), "value")
    with pytest.raises(UserError, match=r"differ from the app's by up to .* Choose another format"):
        export(tmp_path / "steep.onnx", trained)
    assert list(tmp_path.iterdir()) == []
    assert export(tmp_path / "steep.npz", trained).max_difference == 0.0


@pytest.mark.parametrize("faulty", ["_dense", "offset", "probabilities"])
def test_that_a_wrong_graph_is_noticed(tmp_path, monkeypatch, faulty):
    if faulty == "_dense":
        gemm = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}
        monkeypatch.setitem(EMITTERS, "dense", lambda g, i, p, n: g.add("Gemm", [*i, p[0]], n, **gemm))
    elif faulty == "offset":
        monkeypatch.setattr(onnx_graph, "_scaled", lambda graph, model, features: features)
    else:
        monkeypatch.setattr(onnx_graph, "_probabilities", lambda g, m, p, o: g.add("Identity", [p], "classes", o))
    with pytest.raises(UserError, match="differ from the app's"):
        export(tmp_path / "wrong.onnx", simple("logit", scaling="standardise"))
    assert list(tmp_path.iterdir()) == []


def test_that_the_plain_project_takes_the_state_along_where_there_is_one(tmp_path):
    from test_project_json import PROGRAM, XOR, trained_state

    from playground.formats.project import read_project

    document = read_project(json.dumps(XOR)).document
    data = hand_made.table(("x1", "x2"), 40)
    dataset = hand_made.trained(hand_made.two_layers, data, ("x1", "x2"), "logit").dataset
    state = trained_state()
    state.values[3] = 1.0
    export(tmp_path / "a.json", weights.Trained(PROGRAM, state.values, document, dataset, "logit", state))
    project = read_project_file(tmp_path / "a.json")
    again = state_from_project(project, PROGRAM)
    assert isinstance(again, State)
    assert again.values.tobytes() == state.values.tobytes()
    assert again.updates == state.updates
    export(tmp_path / "b.json", weights.Trained(PROGRAM, state.values, document, dataset, "logit"))
    initial = read_project_file(tmp_path / "b.json")
    assert initial.progress is None
    assert initial.document.parameters["out"]["bias"] == (state.values[-1],)


def test_that_heavy_libraries_are_only_loaded_when_they_are_needed():
    code = "import sys, playground.formats.weights; print([n for n in ('onnx', 'safetensors') if n in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_that_an_untouched_document_is_left_alone(tmp_path):
    trained = simple()
    before, document = trained.values.copy(), trained.document
    for suffix in ANSWERING:
        export(tmp_path / f"w{suffix}", trained)
    assert trained.values.tobytes() == before.tobytes()
    assert trained.document == document
