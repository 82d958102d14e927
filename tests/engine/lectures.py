"""The lecture's network and other small ones, for the tests of the microscope's core."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.engine.initializers import initial_state
from playground.engine.optimizers import Hyper
from playground.engine.passes import Pass, make_pass
from playground.engine.program import Array, Instruction, Parameter, Program
from playground.engine.state import State
from playground.engine.symbols import Symbols

W1, W2, W3 = ("P.weight", (0, 0)), ("P.weight", (1, 0)), ("Q.weight", (0, 0))
#: A, B, C and w1, w2, w3 of the two rows that lessons are made of.
FIRST = (1.0, 2.0, 5.0), (2.0, 1.0, 2.0)
SECOND = (3.0, -4.0, 7.0), (2.0, -1.0, 0.5)


def lecture_program() -> Program:
    instructions = (
        Instruction("dense", "P", ("in",), "P", ("P.weight",)),
        Instruction("dense", "Q", ("P",), "Q", ("Q.weight",)),
    )
    parameters = (Parameter("P", "weight", (2, 1), "zeros"), Parameter("Q", "weight", (1, 1), "zeros"))
    return Program("in", instructions, {"in": 2, "P": 1, "Q": 1}, parameters, "half_squared", "Q")


def lecture_state(weights: Sequence[float] = FIRST[1]) -> State:
    return State(np.array(weights), seed=0)


def lecture_rows(*rows: Sequence[float]) -> tuple[Array, Array]:
    table = np.array(rows or [FIRST[0]], dtype=np.float64)
    return table[:, :2], table[:, 2:]


def lecture_pass(row: Sequence[float] = FIRST[0], weights: Sequence[float] = FIRST[1], **hyper: float) -> Pass:
    settings = {"learning_rate": 0.01, **hyper}
    return make_pass(lecture_program(), lecture_state(weights), *lecture_rows(row), Hyper(**settings))


def lecture_symbols(program: Program) -> Symbols:
    return Symbols(program, ("A", "B"), target="C")


def layered(sizes: Sequence[int], function: str = "tanh", loss: str = "half_squared") -> Program:
    """Dense layers of these sizes, with biases, and a function after all but the last."""
    instructions, parameters, widths, latest = [], [], {"in": sizes[0]}, "in"
    for number, units in enumerate(sizes[1:], start=1):
        last = number == len(sizes) - 1
        name = "out" if last else f"h{number}"
        parameters.append(Parameter(name, "weight", (widths[latest], units), "glorot_uniform"))
        parameters.append(Parameter(name, "bias", (units,), "zeros"))
        instructions.append(Instruction("dense", name, (latest,), name, (f"{name}.weight", f"{name}.bias")))
        widths[name], latest = units, name
        if not last:
            instructions.append(Instruction(function, f"a{number}", (latest,), f"a{number}"))
            widths[f"a{number}"], latest = units, f"a{number}"
    return Program("in", tuple(instructions), widths, tuple(parameters), loss, latest)


def pass_of(program: Program, rows: int = 3, seed: int = 1, **hyper: object) -> Pass:
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, program.widths["in"]))
    y = random.normal(size=(rows, program.widths[program.prediction]))
    return make_pass(program, initial_state(program, seed), x, y, Hyper(**hyper))  # type: ignore[arg-type]
