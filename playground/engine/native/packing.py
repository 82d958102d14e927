"""How parameters lie in memory while compiled code trains them: padded, so that every load and store is a whole vector.

A wide layer's weight keeps its order, each row padded to whole vectors: [inputs][units↑]. A narrow layer (one or two
units, which would leave most lanes empty) lies transposed: [units][inputs↑]. A bias is padded. Padding is 0 and stays
0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.engine.program import Array, Parameter, Program

#: Float64 in a cache line.
_LINE = 8
#: Layers of at most so many units lie transposed.
NARROW = 2


def padded(count: int, lanes: int) -> int:
    """`count` rounded up to whole vectors."""
    return -(-count // lanes) * lanes


def row_length(count: int, lanes: int) -> int:
    """How far apart rows of `count` numbers lie.

    Whole vectors; and where that is a multiple of 256 bytes one cache line more: rows at such distances would share few
    of the cache's sets and push one another out of it.
    """
    length = padded(count, lanes)
    return length + 8 if length % 32 == 0 else length


@dataclass(frozen=True)
class Packed:
    """Where a parameter lies: weight [i, u] at `offset + i·inputs + u·units`, bias [u] at `offset + u`."""

    offset: int
    size: int
    inputs: int
    units: int


def zeros(count: int) -> Array:
    """Zeros at the head of a cache line: a vector across two lines costs twice."""
    block = np.zeros(count + _LINE)
    first = -block.ctypes.data // block.itemsize % _LINE
    return block[first : first + count]


class Packing:
    """The packed layout of a program's parameters, and the way there and back."""

    def __init__(self, program: Program, lanes: int) -> None:
        self.places: dict[str, Packed] = {}
        index = np.empty(program.size, dtype=np.int64)
        offset = 0
        for parameter in program.parameters:
            packed = _packed(parameter, offset, lanes)
            self.places[parameter.name] = packed
            if parameter.role == "weight":
                inputs, units = np.indices(parameter.shape)
                where = offset + inputs * packed.inputs + units * packed.units
            else:
                where = offset + np.arange(parameter.size)
            index[program.slices[parameter.name]] = where.ravel()
            offset += packed.size
        self.size = offset
        self._index = index

    def pack(self, *vectors: Array) -> Array:
        """Flat vectors of the program's, packed, one after the other."""
        block = zeros(len(vectors) * self.size)
        for number, vector in enumerate(vectors):
            block[number * self.size + self._index] = vector
        return block

    def unpack(self, block: Array, vector: Array) -> None:
        """Write a packed block back into a flat vector."""
        np.take(block, self._index, out=vector)


def _packed(parameter: Parameter, offset: int, lanes: int) -> Packed:
    if parameter.role == "bias":
        return Packed(offset, padded(parameter.size, lanes), 0, 1)
    inputs, units = parameter.shape
    if units <= NARROW:
        row = row_length(inputs, lanes)
        return Packed(offset, units * row, 1, row)
    row = row_length(units, lanes)
    return Packed(offset, inputs * row, row, 1)
