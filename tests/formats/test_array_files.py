"""npz and safetensors: every number bit for bit, and no file of them is trusted."""

import io
import json
import os
import zipfile

import hand_made
import numpy as np
import onnx
import pytest
import safetensors.numpy
from answers import ANSWERING, simple

from playground.formats import npz, tensors
from playground.formats.model import model_of, tensors_of, texts_of
from playground.formats.npz import npz_bytes, read_npz
from playground.formats.onnx_graph import onnx_bytes
from playground.formats.onnx_reading import read_onnx
from playground.formats.tensors import read_safetensors, safetensors_bytes
from playground.formats.weights import export, read_model
from playground.messages import UserError


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
DROPOUT = {"op": "dropout", "node": "drop1", "inputs": ["in"], "output": "drop1", "parameters": []}


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
        (regraphed(instructions=[DROPOUT]), r"graph.instructions\[0\].rate is null"),
        (regraphed(instructions=[{**DROPOUT, "rate": 1}]), r"rate is 1; it must be at least 0 and below 1"),
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
