"""Every wrong input of a project is refused in one sentence, or left out with a note."""

import json
from dataclasses import replace

import pytest
from projects import XOR, changed, refusal

from playground.document.model import Wire
from playground.formats.project import (
    project_json,
    read_project,
)

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
    (("training", "nesterov"), "yes", "training.nesterov is \"yes\"; it must be true or false"),
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
