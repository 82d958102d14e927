"""The plain JSON project: what is written comes back, and what is missing has its default."""

import json
import math
from dataclasses import replace

import pytest
from projects import XOR, changed, refusal, strictly

from playground.data.prepare import make_table
from playground.document import edits
from playground.document.catalog import DATA_FIELDS, TRAINING_FIELDS
from playground.document.check import problems
from playground.document.model import DataSpec, Document, EarlyStopping, Network, Node, TrainingSpec
from playground.formats.project import (
    project_json,
    read_project,
)


def test_that_the_contracts_example_reads_as_written():
    project = read_project(json.dumps(XOR), "xor.json")
    document = project.document
    assert project.progress is None
    assert project.notes == ()
    assert document.data == DataSpec()
    assert document.training == TrainingSpec(pace=20.0)
    assert [node.id for node in document.network.nodes] == ["in", "h1", "a1", "out", "loss"]
    assert document.network.sources("h1") == ("in",)
    assert document.parameters["h1"]["weight"] == ((0.1, 0.2, 0.3, 0.4), (0.5, 0.6, 0.7, 0.8))
    assert document.parameters["h1"]["bias"] == (0.0, 0.0, 0.0, 0.0)


def test_that_writing_what_was_read_gives_the_same_project():
    document = read_project(json.dumps(XOR), "xor.json").document
    assert strictly(project_json(document)) == XOR
    assert read_project(project_json(document)).document == document


def test_that_missing_keys_take_the_catalogs_defaults():
    document = read_project('{"format": "backprop-playground", "version": 1}', "empty").document
    assert document == Document()
    for field in DATA_FIELDS:
        assert getattr(document.data, field.key) == field.default
    for field in TRAINING_FIELDS:
        assert getattr(document.training, field.key) == field.default
    dense = read_project(json.dumps(XOR)).document.network.node("out")
    assert dict(dense.fields) == {"units": 1}, "a default is the catalog's, not a copy in the document"


def test_that_unknown_keys_survive_at_every_level():
    project = changed(("extra",), {"α": [1, None]})
    project["data"]["recipe"] = "mine"
    project["network"]["zoom"] = 1.5
    project["network"]["nodes"][1]["colour"] = {"hue": 3}
    project["training"]["warm_up"] = True
    project["training"]["early_stopping"] = {"patience": 3, "min_delta": 0.1, "restore_best": False, "mode": "max"}
    document = read_project(json.dumps(project), "xor.json").document
    assert document.training.early_stopping == EarlyStopping(3, 0.1, False)
    assert strictly(project_json(document)) == project


def test_that_frozen_weights_come_back_and_stand_in_the_file_as_a_table():
    document = edits.freeze_weight(read_project(json.dumps(XOR)).document, "h1", 1, 2, True)
    text = project_json(document)
    written = [[False, False, False, False], [False, False, True, False]]
    assert strictly(text)["network"]["nodes"][1]["frozen_mask"] == written
    assert read_project(text).document == document


@pytest.mark.parametrize("mask", [[[True]], [[0, 1, 0, 0]] * 2, "all", None, 7, [], [[]], {"h1": True}, [[[True]]]])
def test_that_a_mask_that_does_not_fit_opens_as_a_problem_of_its_node(mask):
    project = changed(("network", "nodes", 1, "frozen_mask"), mask)
    document = read_project(json.dumps(project), "xor.json").document
    assert strictly(project_json(document))["network"]["nodes"][1]["frozen_mask"] == mask
    errors = [one for one in problems(document, make_table("xor", 40, 0.1, 0)) if one.severity == "error"]
    assert [one.node for one in errors] == ["h1"]
    assert errors[0].remedy.apply(document) == read_project(json.dumps(XOR)).document


def test_that_an_unknown_kind_of_node_survives_untouched():
    project = json.loads(json.dumps(XOR))
    strange = {
        "id": "q",
        "kind": "quantum",
        "name": "Q",
        "spin": [0.5, {"up": True}],
        "units": "many",
        "position": [3, 4],
    }
    project["network"]["nodes"].append(strange)
    project["network"]["wires"].append(["h1", "q"])
    project["parameters"]["q"] = {"phase": {"re": [1, 2], "im": [[3], [4, 5]]}}
    document = read_project(json.dumps(project), "xor.json").document
    assert document.network.node("q").kind == "quantum"
    assert "q" not in document.parameters
    assert strictly(project_json(document)) == project
    gone = replace(document.network, nodes=document.network.nodes[:-1])
    assert "q" not in strictly(project_json(replace(document, network=gone)))["parameters"]


def test_that_files_are_readable_lines():
    text = project_json(read_project(json.dumps(XOR)).document)
    assert '   {"id": "h1", "kind": "dense", "units": 4, "bias": true, "init": "glorot_uniform"}' in text
    assert text.endswith("}\n")
    assert max(map(len, text.splitlines())) <= 120


def test_that_korean_names_stay_readable_and_half_a_surrogate_does_not_stop_the_save():
    network = Network((Node("은닉층", "dense", {"units": 2}, name="첫째 \ud83d"),))
    text = project_json(Document(network=network))
    assert '"은닉층"' in text
    assert read_project(text.encode()).document.network == network


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_that_bytes_of_any_unicode_encoding_open(encoding):
    assert read_project(json.dumps(XOR).encode(encoding)).document.data.kind == "xor"


def test_that_parameters_that_fit_no_longer_are_not_written():
    document = read_project(json.dumps(XOR)).document
    nodes = tuple(Node("h1", "dense", {"units": 7}) if node.id == "h1" else node for node in document.network.nodes)
    text = project_json(replace(document, network=replace(document.network, nodes=nodes)))
    assert "parameters" not in json.loads(text)
    assert read_project(text).notes == ()


def test_that_a_table_keeps_its_rows_and_raw_values():
    project = changed(("data",), {
        "kind": "table", "samples": 500, "noise": 0.12, "test_fraction": 0.5, "seed": 0, "scaling": "none",
        "columns": ["A", "B", "C"], "rows": [[1, 2.5, "스팸"], [-0.0, None, "ham"]],
        "target": "C", "task": "classification", "classes": ["ham", "스팸"],
    })  # fmt: skip
    document = read_project(json.dumps(project)).document
    assert document.data.rows == ((1, 2.5, "스팸"), (0, None, "ham"))
    assert strictly(project_json(document)) == project
    ragged = {**project, "data": {**project["data"], "rows": [[1, 2, 3], [1, 2]]}}
    assert "data.rows[1] has 2 cells; there are 3 columns" in refusal(ragged)
    nested = {**project, "data": {**project["data"], "rows": [[1, 2, 3], [1, [2], 3]]}}
    assert "data.rows[1][1] is [2]; it must be a number, a text" in refusal(nested)


def test_that_missing_numbers_are_written_as_null_and_nameless_columns_take_the_first_rows_width():
    rows = ((1.5, math.nan, "a"), (math.inf, True, "b"))
    text = project_json(Document(data=DataSpec(kind="table", rows=rows)))
    strictly(text)
    assert read_project(text).document.data.rows == ((1.5, None, "a"), ("inf", True, "b"))
    ragged = json.loads(text)
    ragged["data"]["rows"][1].pop()
    assert "data.rows[1] has 2 cells; there are 3 columns" in refusal(ragged)


def test_that_classes_written_as_numbers_are_named_as_a_table_names_them():
    assert read_project(json.dumps(changed(("data", "classes"), [-1, 0.0, 2.5]))).document.data.classes == (
        "-1",
        "0",
        "2.5",
    )
