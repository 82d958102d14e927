"""Outputs and pictures of the compiled forward pass, against the walk's."""

from __future__ import annotations

import numpy as np
import pytest

from playground.bench.workloads import WORKLOADS, program_of, rows_of
from playground.engine.initializers import initial_state
from playground.engine.native.engine import NativeEngine
from playground.engine.training_engine import WalkEngine
from playground.engine.walk import Walk
from playground.randomness import normal, stream


@pytest.mark.parametrize("rows", [1, 31, 32, 33, 100])
@pytest.mark.parametrize("name", ["w1", "w3", "w5"])
def test_that_outputs_and_pictures_are_the_walk_s(name: str, rows: int) -> None:
    program = program_of(WORKLOADS[name])
    x, y = rows_of(WORKLOADS[name])
    values = initial_state(program, 3).values
    points = normal(stream(rows, "points"), (rows, x.shape[1]))
    compiled, walk = NativeEngine(program, x, y), WalkEngine(program, x, y)
    np.testing.assert_allclose(compiled.outputs(values, points), walk.outputs(values, points), atol=1e-13)
    neurons = [instruction.output for instruction in program.instructions]
    pictures = compiled.pictures(values, points, neurons)
    buffers = Walk(program, values).forward(points)
    expected = np.concatenate([buffers[neuron].T for neuron in neurons])
    assert pictures.dtype == np.float32
    assert pictures.shape == expected.shape
    np.testing.assert_allclose(pictures, expected, atol=1e-6)
