"""An export is put in place only when it gives the right answers."""

import json
import os
import subprocess
import sys

import hand_made
import numpy as np
import pytest
from answers import ANSWERING, simple
from projects import PROGRAM, XOR, trained_state

from playground.engine.state import State
from playground.formats import onnx_graph, weights, writing
from playground.formats.onnx_graph import EMITTERS
from playground.formats.project import read_project, read_project_file, state_from_project
from playground.formats.weights import FORMATS, export, read_model
from playground.messages import UserError


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
