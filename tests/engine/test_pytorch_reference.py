"""Gradients and updates against PyTorch's own numbers, which `make_pytorch_reference.py` wrote down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.engine.losses import LOSSES
from playground.engine.native.engine import NativeEngine
from playground.engine.ops import ACTIVATIONS, OPS
from playground.engine.optimizers import OPTIMIZERS, Hyper
from playground.engine.program import Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.training_engine import Batching, WalkEngine
from playground.engine.walk import Walk

TABLE = json.loads((Path(__file__).parent / "pytorch_reference.json").read_text())
CASES = TABLE["cases"]


def program_of(case: Any) -> Program:
    shapes = {name: np.shape(numbers) for name, numbers in case["parameters"].items()}
    widths, instructions = {"in": len(case["x"][0])}, []
    for op, node, sources, *_ in case["nodes"]:
        own = tuple(name for name in shapes if name.startswith(f"{node}."))
        widths[node] = OPS[op].width([widths[source] for source in sources], [shapes[name] for name in own])
        instructions.append(Instruction(op, node, tuple(sources), node, own))
    parameters = tuple(Parameter(*name.split("."), shape, "zeros") for name, shape in shapes.items())
    return Program("in", tuple(instructions), widths, parameters, case["loss"], case["nodes"][-1][1])


def flat(program: Program, numbers: Any) -> np.ndarray:
    return program.flat({name: np.array(array) for name, array in numbers.items()})


@pytest.mark.parametrize("number", range(len(CASES)))
def test_that_loss_gradient_and_twenty_updates_are_pytorch_s(number: int) -> None:
    case = CASES[number]
    program, x, y = program_of(case), np.array(case["x"]), np.array(case["y"])
    values = flat(program, case["parameters"])

    walk = Walk(program, values.copy())
    first = slice(0, case["batch"])
    buffers = walk.forward(x[first])
    walk.backward(buffers, y[first])
    assert walk.mean_loss(buffers, y[first]) == pytest.approx(case["loss_value"], rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(walk.gradient, flat(program, case["gradient"]), rtol=1e-12, atol=1e-12)

    for kind in (WalkEngine, NativeEngine):
        state, engine = State(values.copy(), seed=0), kind(program, x, y)
        while state.updates < TABLE["updates"]:
            engine.train(state, Hyper(**case["hyper"]), Batching(case["batch"], shuffle=False), 1)
        np.testing.assert_allclose(state.values, flat(program, case["after"]), rtol=1e-12, atol=1e-12)


def test_that_the_table_holds_every_operation_loss_and_optimizer() -> None:
    ops = {node[0] for case in CASES for node in case["nodes"]}
    assert ops >= {*ACTIVATIONS, "dense", "add", "multiply", "concat"}
    pairs = {(node[0], case["loss"]) for case in CASES for node in case["nodes"]}
    assert pairs >= {(activation, loss) for activation in ACTIVATIONS for loss in LOSSES}
    assert {case["hyper"]["optimizer"] for case in CASES} == set(OPTIMIZERS)
    assert any(case["hyper"].get("momentum") for case in CASES)
    assert any(case["hyper"].get("nesterov") for case in CASES)
    assert any(case["batch"] == 1 for case in CASES)
    assert any(len(case["x"]) % case["batch"] for case in CASES)
