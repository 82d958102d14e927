"""Initial weights, each array from a stream of its own, so that adding a layer leaves the others' start as it was.

Sources: Glorot and Bengio 2010 (glorot_*), He et al. 2015 (he_*). Biases start at 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from playground.engine.program import Array, Parameter, Program
from playground.engine.state import State
from playground.randomness import normal, stream, uniform

#: The standard deviation of a weight from its numbers of inputs and units.
Spread = Callable[[int, int], float]


def _glorot(inputs: int, units: int) -> float:
    return math.sqrt(2.0 / (inputs + units))


def _he(inputs: int, units: int) -> float:
    return math.sqrt(2.0 / inputs)


#: Each initialiser as (standard deviation, drawn uniformly). `normal` has the deviation 0.1.
INITIALIZERS: Mapping[str, tuple[Spread, bool]] = {
    "glorot_uniform": (_glorot, True),
    "glorot_normal": (_glorot, False),
    "he_uniform": (_he, True),
    "he_normal": (_he, False),
    "normal": (lambda inputs, units: 0.1, False),
    "zeros": (lambda inputs, units: 0.0, False),
}


def initial(parameter: Parameter, seed: int) -> Array:
    """The start of one parameter; a weight by its initialiser, a bias 0."""
    if parameter.role != "weight":
        return np.zeros(parameter.shape)
    spread, uniformly = INITIALIZERS[parameter.init]
    inputs, units = parameter.shape
    deviation = spread(inputs, units)
    key = stream(seed, f"weights {parameter.name}")
    if uniformly:
        limit = math.sqrt(3.0) * deviation
        return (2.0 * uniform(key, parameter.shape) - 1.0) * limit
    return deviation * normal(key, parameter.shape)


def initial_state(program: Program, seed: int, given: Mapping[str, Array] | None = None) -> State:
    """The state before the first update: parameters in `given` as they are given, all others from the seed."""
    arrays = {parameter.name: initial(parameter, seed) for parameter in program.parameters}
    for name, array in (given or {}).items():
        if name in arrays and np.shape(array) == arrays[name].shape:
            arrays[name] = np.asarray(array, dtype=np.float64)
    return State(program.flat(arrays), seed)
