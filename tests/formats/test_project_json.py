"""The plain JSON project: round trips, defaults, and one sentence for every wrong input."""

import copy
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.document.catalog import DATA_FIELDS, NODE_KINDS, TRAINING_FIELDS
from playground.document.model import DataSpec, Document, EarlyStopping, Network, Node, TrainingSpec, Wire
from playground.engine.program import Instruction, Parameter, Program
from playground.engine.state import State
from playground.formats import migrations
from playground.formats.project import (
    project_json,
    read_project,
    read_project_file,
    state_from_project,
    write_project_file,
)
from playground.messages import UserError

XOR = {
    "format": "backprop-playground",
    "version": 1,
    "data": {"kind": "xor", "samples": 500, "noise": 0.12, "test_fraction": 0.5, "seed": 0, "scaling": "none"},
    "network": {
        "nodes": [
            {"id": "in", "kind": "input", "features": ["x1", "x2"]},
            {"id": "h1", "kind": "dense", "units": 4, "bias": True, "init": "glorot_uniform"},
            {"id": "a1", "kind": "activation", "function": "tanh", "enabled": True},
            {"id": "out", "kind": "dense", "units": 1},
            {"id": "loss", "kind": "loss", "function": "binary_cross_entropy"},
        ],
        "wires": [["in", "h1"], ["h1", "a1"], ["a1", "out"], ["out", "loss"]],
    },
    "training": {
        "optimizer": "sgd",
        "learning_rate": 0.03,
        "momentum": 0.0,
        "batch_size": 10,
        "l1": 0.0,
        "l2": 0.0,
        "epochs": 200,
        "seed": 0,
        "shuffle": True,
        "early_stopping": None,
        "target_loss": None,
        "pace": 20,
    },
    "parameters": {"h1": {"weight": [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]], "bias": [0, 0, 0, 0]}},
}

PROGRAM = Program(
    "in",
    (
        Instruction("dense", "h1", ("in",), "h1", ("h1.weight", "h1.bias")),
        Instruction("tanh", "a1", ("h1",), "a1"),
        Instruction("dense", "out", ("a1",), "out", ("out.weight", "out.bias")),
    ),
    {"in": 2, "h1": 4, "a1": 4, "out": 1},
    (
        Parameter("h1", "weight", (2, 4), "glorot_uniform"),
        Parameter("h1", "bias", (4,), "zeros"),
        Parameter("out", "weight", (4, 1), "glorot_uniform"),
        Parameter("out", "bias", (1,), "zeros"),
    ),
    "binary_cross_entropy",
    "out",
)


def changed(path, value):
    """The XOR project with the value at a path of keys replaced, or the key taken out where the value is `...`."""
    project = json.loads(json.dumps(XOR))
    at = project
    for key in path[:-1]:
        at = at[key]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return project


def refusal(project):
    text = project if isinstance(project, (str, bytes)) else json.dumps(project)
    with pytest.raises(UserError) as caught:
        read_project(text, "xor.json")
    sentence = str(caught.value)
    assert "xor.json" in sentence
    assert "\n" not in sentence
    return sentence


def strictly(text):
    """Parse as a strict reader does: NaN and Infinity are errors."""

    def refuse(constant):
        raise AssertionError(f"{constant} in a file")

    return json.loads(text, parse_constant=refuse)


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


RANGE = "from 1 to 1024"
WRONG = [
    (("network", "nodes", 1, "units"), "four", 'network.nodes[1].units is "four"; it must be a whole number ' + RANGE),
    (("network", "nodes", 1, "units"), 0, "network.nodes[1].units is 0"),
    (("network", "nodes", 1, "units"), 4.5, "network.nodes[1].units is 4.5"),
    (("network", "nodes", 1, "units"), True, "network.nodes[1].units is true"),
    (("network", "nodes", 1, "units"), None, "network.nodes[1].units is null"),
    (("network", "nodes", 1, "units"), 10**400, "network.nodes[1].units is 1000"),
    (("network", "nodes", 1, "bias"), 1, "network.nodes[1].bias is 1; it must be true or false"),
    (("network", "nodes", 1, "init"), "magic", "network.nodes[1].init is \"magic\"; it must be one of glorot_uniform"),
    (("network", "nodes", 1, "name"), 7, "network.nodes[1].name is 7"),
    (("network", "nodes", 1, "position"), [1], "network.nodes[1].position is [1]; it must be two numbers"),
    (("network", "nodes", 1, "position"), [1, "b"], "network.nodes[1].position[1] is \"b\""),
    (("network", "nodes", 1, "position"), [1, 1e300], "network.nodes[1].position is"),
    (("network", "nodes", 0, "features"), [], "network.nodes[0].features is []"),
    (("network", "nodes", 0, "features"), ["x1", "x1"], "network.nodes[0].features is"),
    (("network", "nodes", 0, "features"), "x1", "network.nodes[0].features is \"x1\""),
    (("network", "nodes", 2, "function"), "step", "network.nodes[2].function is \"step\"; it must be one of identity"),
    (("network", "nodes", 4, "function"), 3, "network.nodes[4].function is 3"),
    (("network", "nodes", 1, "id"), ..., "network.nodes[1].id is null; it must be a text of 1 to 100 characters"),
    (("network", "nodes", 1, "id"), "", "network.nodes[1].id is \"\""),
    (("network", "nodes", 1, "id"), "a\nb", "without line breaks"),
    (("network", "nodes", 1, "id"), "in", "network.nodes[1].id is “in”, as another node's is"),
    (("network", "nodes", 1, "kind"), ..., "network.nodes[1].kind is null"),
    (("network", "nodes", 1), "dense", "network.nodes[1] is \"dense\"; it must be an object"),
    (("network", "nodes"), {}, "network.nodes is {}; it must be a list of nodes"),
    (("network", "wires"), "in-h1", "network.wires is \"in-h1\"; it must be a list of wires"),
    (("network", "wires", 0), ["in"], "network.wires[0] is [\"in\"]; it must be two node ids"),
    (("network", "wires", 0), ["in", 4], "network.wires[0] is"),
    (("network",), 5, "network is 5; it must be an object"),
    (("data",), [], "data is []; it must be an object"),
    (("data", "samples"), -1, "data.samples is -1; it must be a whole number from"),
    (("data", "noise"), "much", "data.noise is \"much\""),
    (("data", "test_fraction"), 1, "data.test_fraction is 1; it must be at least 0 and below 1"),
    (("data", "scaling"), "log", "data.scaling is \"log\"; it must be one of none, standardise, min_max"),
    (("data", "seed"), -3, "data.seed is -3"),
    (("data", "kind"), 9, "data.kind is 9"),
    (("data", "task"), "guess", "data.task is \"guess\"; it must be one of regression, classification"),
    (("data", "columns"), ["a", 1], "data.columns[1] is 1"),
    (("data", "classes"), [None], "data.classes[0] is null"),
    (("data", "rows"), [1], "data.rows[0] is 1; it must be a list of cells"),
    (("training", "optimizer"), "magic", "training.optimizer is \"magic\"; it must be one of sgd, adam"),
    (("training", "learning_rate"), 0, "training.learning_rate is 0; it must be above 0 and at most 10"),
    (("training", "learning_rate"), "0,03", "training.learning_rate is \"0,03\""),
    (("training", "momentum"), 1, "training.momentum is 1"),
    (("training", "batch_size"), 2.5, "training.batch_size is 2.5"),
    (("training", "epochs"), 0, "training.epochs is 0"),
    (("training", "early_stopping"), 3, "training.early_stopping is 3"),
    (("training", "early_stopping"), {"patience": 0}, "training.early_stopping.patience is 0"),
    (("training", "early_stopping"), {"min_delta": -1}, "early_stopping.min_delta is -1; it must be 0 or more"),
    (("training", "pace"), 0, "training.pace is 0"),
    (("training", "target_loss"), -0.5, "training.target_loss is -0.5"),
    (("parameters",), [1], "parameters is [1]; it must be an object"),
    (("parameters", "h1"), [1], "parameters.h1 is [1]; it must be an object"),
    (("parameters", "h1", "weight"), 3, "parameters.h1.weight is 3; it must be a list of rows of numbers"),
    (("parameters", "h1", "weight"), [1, 2], "parameters.h1.weight[0] is 1; it must be a list of numbers"),
    (("parameters", "h1", "weight"), [], "parameters.h1.weight is []"),
    (("parameters", "h1", "weight"), [[], []], "parameters.h1.weight[0] is []"),
    (("parameters", "h1", "weight", 1), [1, 2, 3], "parameters.h1.weight[1] has 3 numbers where the first row has 4"),
    (("parameters", "h1", "weight", 1, 2), "a", "parameters.h1.weight[1][2] is \"a\"; it must be a finite number"),
    (("parameters", "h1", "weight", 1, 2), 10**400, "parameters.h1.weight[1][2] is 1000"),
    (("parameters", "h1", "bias"), [[0, 0, 0, 0]], "parameters.h1.bias[0] is [0, 0, 0, 0]; it must be a finite number"),
    (("parameters", "h1", "bias"), [0, 0], "parameters.h1.bias is 2 numbers, but its node takes 4 numbers"),
    (("parameters", "h1", "weight"), [[1, 2]] * 4, "is 4 rows of 2 numbers, but its node takes 2 rows of 4 numbers"),
    (("progress",), 3, "progress is 3; it must be an object"),
    (("progress",), {"epoch": -1}, "progress.epoch is -1; it must be a whole number, 0 or more"),
    (("progress",), {"updates": 1.5}, "progress.updates is 1.5"),
    (("progress",), {"slots": {"mean": {"h1": {"bias": [1]}}}}, "progress.slots.mean.h1.bias is 1 numbers"),
    (("progress",), {"start": {"h1": {"bias": 1}}}, "progress.start.h1.bias is 1"),
    (("version",), 999, "version 999; this program reads up to version 1"),
    (("version",), 0, "version is 0"),
    (("version",), "1", "version is \"1\""),
    (("version",), True, "version is true"),
    (("format",), "sketch", "is not a Backprop Playground project"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "sentence"), WRONG)
def test_that_a_wrong_value_is_named_with_its_place_and_remedy(path, value, sentence):
    assert sentence in refusal(changed(path, value))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "xor.json is empty"),
        (b"\xff\xfe\xff", "not a text in UTF-8"),
        (b"PK\x03\x04\xe9\xff", "not a text in UTF-8"),
        ("{", "line 1, column 2"),
        ("[]", "is not a Backprop Playground project"),
        ('"text"', "is not a Backprop Playground project"),
        ("{}", "is not a Backprop Playground project"),
        ("[" * 200_000, "deep"),
        ('{"format": ' + '{"a": ' * 80 + "1" + "}" * 81, "deep"),
        ("1" * 5000, "thousands of digits"),
        ('{"network": {"nodes": [{"units": 1, "units": 2}]}}', 'network.nodes[0] has the key "units" twice'),
        ('{"version": 1, "version": 1}', 'the project has the key "version" twice'),
        ('{"parameters": {"h1": {"bias": [0, NaN]}}}', "parameters.h1.bias[1] is not a finite number"),
        ('{"parameters": {"h 1": {"bias": [1e999]}}}', 'parameters["h 1"].bias[0] is not a finite number'),
        ('{"training": {"learning_rate": -Infinity}}', "training.learning_rate is not a finite number"),
    ],
)
def test_that_a_text_that_is_no_strict_project_is_refused(text, sentence):
    assert sentence in refusal(text)


def test_that_limits_hold():
    many = changed(("network", "nodes"), [{}] * 10_001)
    assert "network.nodes has 10001 entries; at most 10000" in refusal(many)


@pytest.mark.parametrize(
    ("wires", "names"),
    [
        ([["A", "A"]], ("A",)),
        ([["A", "B"], ["B", "C"], ["C", "A"]], ("C", "A")),
        ([["A", "B"], ["B", "C"], ["C", "B"], ["C", "D"]], ("B", "C")),
    ],
)
def test_that_a_loop_is_refused_with_both_names(wires, names):
    nodes = [{"id": id, "kind": "add"} for id in "ABCD"]
    project = {"format": "backprop-playground", "version": 1, "network": {"nodes": nodes, "wires": wires}}
    sentence = refusal(project)
    assert "closes a loop" in sentence
    for name in names:
        assert f"“{name}”" in sentence


def test_that_a_long_chain_neither_recurses_nor_fails():
    nodes = [{"id": f"n{k}", "kind": "activation"} for k in range(3000)]
    wires = [[f"n{k}", f"n{k + 1}"] for k in range(2999)]
    project = {"format": "backprop-playground", "version": 1, "network": {"nodes": nodes, "wires": wires}}
    document = read_project(json.dumps(project)).document
    assert len(document.network.wires) == 2999
    project["network"]["wires"].append(["n2999", "n0"])
    assert "closes a loop" in refusal(project)


def test_that_links_to_a_deleted_node_are_left_out_on_reading_and_never_written():
    project = changed(("network", "nodes"), [node for node in XOR["network"]["nodes"] if node["id"] != "a1"])
    opened = read_project(json.dumps(project), "xor.json")
    assert [str(note) for note in opened.notes] == [
        "xor.json: network.wires[1] was left out: there is no node “a1”.",
        "xor.json: network.wires[2] was left out: there is no node “a1”.",
    ]
    assert opened.document.network.wires == (Wire("in", "h1"), Wire("out", "loss"))
    broken = replace(opened.document.network, wires=(*opened.document.network.wires, Wire("h1", "ghost")))
    saved = json.loads(project_json(replace(opened.document, network=broken)))
    assert saved["network"]["wires"] == [["in", "h1"], ["out", "loss"]]


def test_that_a_wire_given_twice_is_kept_once_with_a_note():
    project = changed(("network", "wires"), [["in", "h1"], ["in", "h1"]])
    opened = read_project(json.dumps(project), "xor.json")
    assert opened.document.network.wires == (Wire("in", "h1"),)
    assert "network.wires[1]" in str(opened.notes[0])


def test_that_parameters_of_a_missing_node_are_left_out_with_a_note():
    project = changed(("parameters", "ghost"), {"weight": [[1]]})
    opened = read_project(json.dumps(project), "xor.json")
    assert "parameters.ghost" in str(opened.notes[0])
    assert list(opened.document.parameters) == ["h1"]


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


# --- progress --------------------------------------------------------------------------------------


def trained_state(seed=3):
    generator = np.random.default_rng(seed)
    awkward = np.array([0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3, math.pi])
    values = generator.normal(size=PROGRAM.size)
    values[:6] = awkward
    slots = {"mean": generator.normal(size=PROGRAM.size), "square": generator.random(PROGRAM.size)}
    return State(values, 17, slots, steps=41, updates=55, epoch=2, batch=5)


def test_that_a_trained_project_resumes_bit_for_bit():
    document = read_project(json.dumps(XOR)).document
    state = trained_state()
    project = read_project(project_json(document, PROGRAM, state), "saved.json")
    assert project.document == document, "Reset returns to the parameters that the document was given"
    again = state_from_project(project, PROGRAM)
    assert again.values.tobytes() == state.values.tobytes()
    assert {name: slot.tobytes() for name, slot in again.slots.items()} == {
        name: slot.tobytes() for name, slot in state.slots.items()
    }
    assert (again.seed, again.steps, again.updates, again.epoch, again.batch) == (17, 41, 55, 2, 5)
    saved = json.loads(project_json(document, PROGRAM, state))
    assert saved["parameters"]["out"]["bias"] == [state.values[-1]]
    assert set(saved["progress"]) == {"epoch", "updates", "steps", "batch", "seed", "slots", "start"}
    assert saved["progress"]["start"] == XOR["parameters"]


def test_that_without_progress_parameters_are_initial_values():
    project = read_project(json.dumps(XOR))
    assert state_from_project(project, PROGRAM) is None
    assert "h1" in project.document.parameters


def test_that_unknown_members_of_progress_survive_while_there_is_progress():
    document = read_project(json.dumps(XOR)).document
    saved = json.loads(project_json(document, PROGRAM, trained_state()))
    saved["progress"]["history"] = [1, 2]
    project = read_project(json.dumps(saved))
    assert json.loads(project_json(project.document, PROGRAM, trained_state()))["progress"]["history"] == [1, 2]
    assert "progress" not in json.loads(project_json(project.document))


def test_that_saved_training_that_does_not_fit_the_program_is_refused_by_name():
    saved = json.loads(project_json(read_project(json.dumps(XOR)).document, PROGRAM, trained_state()))
    del saved["parameters"]["out"]
    with pytest.raises(UserError, match=r"saved.json: the saved training has no fitting numbers for out\.weight"):
        state_from_project(read_project(json.dumps(saved), "saved.json"), PROGRAM)


def test_that_weights_that_ran_away_are_never_written_and_lost_slots_do_not_stop_a_save():
    document = read_project(json.dumps(XOR)).document
    state = trained_state()
    state.slots["square"][3] = math.inf
    again = state_from_project(read_project(project_json(document, PROGRAM, state)), PROGRAM)
    assert again.slots == {}
    assert again.steps == 0
    state.values[0] = math.nan
    with pytest.raises(UserError, match="not finite"):
        project_json(document, PROGRAM, state)


def test_that_a_state_of_a_network_that_was_edited_since_keeps_what_fits():
    document = read_project(json.dumps(XOR)).document
    nodes = tuple(Node("out", "dense", {"units": 3}) if node.id == "out" else node for node in document.network.nodes)
    edited = replace(document, network=replace(document.network, nodes=nodes))
    saved = json.loads(project_json(edited, PROGRAM, trained_state()))
    assert list(saved["parameters"]) == ["h1"]
    assert read_project(json.dumps(saved)).progress is not None


# --- files and versions ----------------------------------------------------------------------------


def test_that_a_file_with_any_name_comes_back(tmp_path):
    folder = tmp_path / "한글 폴더 é"
    folder.mkdir()
    document = read_project(json.dumps(XOR)).document
    path = folder / "신경망 모델.json"
    write_project_file(path, document, PROGRAM, trained_state())
    assert read_project_file(path).document == document
    assert [file.name for file in folder.iterdir()] == [path.name]


def test_that_files_that_cannot_be_read_say_so(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        read_project_file(tmp_path / "missing.json")
    with pytest.raises(UserError, match="is a folder"):
        read_project_file(tmp_path)
    with pytest.raises(UserError, match="could not be read"):
        read_project_file("with\0nul")


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "backprop-playground", "version": 999}',
        '{"version": 999, "format": "backprop-playground", "x": 1}',
    ],
)
def test_that_a_later_project_is_never_written_over(tmp_path, text):
    path = tmp_path / "new.json"
    path.write_text(text)
    with pytest.raises(UserError, match="version 999; this program reads up to version 1"):
        read_project_file(path)
    with pytest.raises(UserError, match="version 999; this program writes version 1"):
        write_project_file(path, Document())
    assert path.read_text() == text


def test_that_an_older_project_is_migrated_and_kept_beside_the_new_one(tmp_path, monkeypatch):
    monkeypatch.setattr(migrations, "CURRENT", 3)
    steps = {
        1: lambda project: {**project, "training": {"learning_rate": project["rate"]}, "rate": None},
        2: lambda project: {key: value for key, value in project.items() if key != "rate"},
    }
    monkeypatch.setattr(migrations, "MIGRATIONS", steps)
    path = tmp_path / "old.json"
    old = '{"format": "backprop-playground", "version": 1, "rate": 0.5}'
    path.write_text(old)
    project = read_project_file(path)
    assert project.version == 1
    assert project.document == Document(training=TrainingSpec(learning_rate=0.5))
    write_project_file(path, project.document)
    assert json.loads(path.read_text())["version"] == 3
    assert (tmp_path / "old.v1.json").read_text() == old
    path.write_text('{"format": "backprop-playground", "version": 1}')
    write_project_file(path, project.document)
    assert (tmp_path / "old.v1.json").read_text() == old, "the first backup stays"


def test_that_a_migration_leaves_the_object_it_was_given_as_it_was():
    given_project = {"version": 1, "a": 1}
    result = migrations.migrated(given_project, 1, 2, {1: lambda project: {**project, "b": 2}})
    assert result == {"version": 2, "a": 1, "b": 2}
    assert given_project == {"version": 1, "a": 1}


def test_that_something_else_in_the_file_is_replaced_without_fuss(tmp_path):
    path = tmp_path / "note.json"
    path.write_text("not a project")
    write_project_file(path, Document())
    assert read_project_file(path).document == Document()


# --- any document ----------------------------------------------------------------------------------

finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | finite | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
extra = st.dictionaries(st.text(min_size=1, max_size=8).map(lambda key: "x-" + key), plain, max_size=2)
ids = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)


def field_value(field):
    if field.type == "bool":
        return st.booleans()
    if field.type == "choice":
        return st.sampled_from([key for key, _ in field.choices])
    if field.type == "features":
        return st.lists(ids, min_size=1, max_size=4, unique=True).map(tuple)
    if field.type == "int":
        return st.integers(int(field.minimum), int(field.maximum))
    high = field.maximum if field.maximum is not None else 1e300
    value = st.floats(field.minimum, high, exclude_min=field.above, exclude_max=field.below)
    return st.none() | value if field.optional else value


def field_values(fields):
    return st.fixed_dictionaries({}, optional={field.key: field_value(field) for field in fields})


@st.composite
def nodes(draw, id):
    kind = draw(st.sampled_from([*NODE_KINDS, "quantum"]))
    fields = draw(field_values(NODE_KINDS[kind].fields)) if kind in NODE_KINDS else {}
    name = draw(st.none() | st.text(min_size=1, max_size=8))
    position = draw(st.none() | st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)))
    return Node(id, kind, {**draw(extra), **fields}, name, position)


@st.composite
def documents(draw):
    names = draw(st.lists(ids, max_size=6, unique=True))
    every = tuple(draw(nodes(id)) for id in names)
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    wires = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    stopping = st.builds(EarlyStopping, st.integers(1, 10**6), st.floats(0, 1e9), st.booleans())
    return Document(
        data=DataSpec(**draw(field_values(DATA_FIELDS)), extra=draw(extra)),
        network=Network(every, tuple(Wire(a, b) for a, b in wires), draw(extra)),
        training=TrainingSpec(
            **draw(field_values(TRAINING_FIELDS)), early_stopping=draw(st.none() | stopping), extra=draw(extra)
        ),
        extra=draw(extra),
    )


@settings(deadline=None)
@given(documents())
def test_that_every_document_survives_the_round_trip(document):
    text = project_json(document)
    strictly(text)
    project = read_project(text.encode(), "round.json")
    assert project.document == document
    assert project_json(project.document) == text


mangled = st.sampled_from([None, True, -1, 0, 1.5, "", "x", [], [[]], {}, [1, "a"], {"a": 1}, 10**30, ["in", "in"]])


@settings(deadline=None)
@given(st.data())
def test_that_no_mangled_project_ends_in_anything_but_a_sentence(data):
    project = json.loads(json.dumps(XOR))
    project["progress"] = {"epoch": 1, "slots": {"velocity": {"h1": {"bias": [0, 0, 0, 0]}}}, "start": {}}
    for _ in range(data.draw(st.integers(1, 3))):
        at, depth = project, data.draw(st.integers(0, 5))
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if depth == 0 or not isinstance(at[key], (dict, list)):
                at[key] = copy.deepcopy(data.draw(mangled))
                break
            at, depth = at[key], depth - 1
    try:
        opened = read_project(json.dumps(project), "xor.json")
    except UserError as error:
        sentence = str(error)
    else:
        assert read_project(project_json(opened.document)).document.network == opened.document.network
        return
    assert "xor.json" in sentence
