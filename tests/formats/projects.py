"""The contract's XOR project, its program, and what the tests of project files share."""

import json
import math

import numpy as np
import pytest

from playground.engine.program import Instruction, Parameter, Program
from playground.engine.state import State
from playground.formats.project import (
    read_project,
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
        "nesterov": False,
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


def trained_state(seed=3):
    generator = np.random.default_rng(seed)
    awkward = np.array([0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3, math.pi])
    values = generator.normal(size=PROGRAM.size)
    values[:6] = awkward
    slots = {"mean": generator.normal(size=PROGRAM.size), "square": generator.random(PROGRAM.size)}
    return State(values, 17, slots, steps=41, updates=55, epoch=2, batch=5)
