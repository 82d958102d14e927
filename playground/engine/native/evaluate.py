"""The forward pass alone, compiled: outputs for any number of rows, tile by tile."""

from __future__ import annotations

import numpy as np

from playground.engine.native.builder import Index, Place
from playground.engine.native.compiler import Module, vector_lanes
from playground.engine.native.network import Network
from playground.engine.program import Array, Program

#: Rows of a tile.
TILE = 32


class _Forward(Network):
    """A network of which only the forward pass is emitted."""

    def forward_text(self, buffers: tuple[str, ...]) -> str:
        """The module: `outputs(p, x, rows, ws, out)` writes these buffers side by side, [rows][widths]."""
        b, program = self.b, self.program
        features = program.widths[program.input]
        width = sum(program.widths[name] for name in buffers)
        with b.function("void @outputs(ptr noalias %p, ptr noalias %x, i64 %tiles, ptr noalias %ws, ptr noalias %out)"):

            def tile(t: Index, _: tuple[str, ...]) -> tuple[()]:
                first = b.times(t, TILE)
                rows, out = Place("%x", b.times(first, features)), Place("%out", b.times(first, width))
                value = self.ws[f"value {program.input}"]
                self._turn(rows, features, features, value, into_columns=True)
                for instruction in program.instructions:
                    self._forward(instruction)
                place = out
                for name in buffers:
                    self._turn(place, width, program.widths[name], self.ws[f"value {name}"], into_columns=False)
                    place = b.at(place, program.widths[name])
                return ()

            self.counting = False
            b.loop("%tiles", 1, tile)
            b.emit("ret void")
        return self.module()

    def _turn(self, rows: Place, stride: int, width: int, columns: Place, *, into_columns: bool) -> None:
        """Copy a tile between rows, `stride` numbers apart, and columns."""
        b = self.b

        def row(k: Index, _: tuple[str, ...]) -> tuple[()]:
            def one(j: Index, _: tuple[str, ...]) -> tuple[()]:
                in_row = b.at(rows, b.add(b.times(k, stride), j))
                in_columns = b.at(columns, b.add(b.times(j, self.stride), k))
                source, target = (in_row, in_columns) if into_columns else (in_columns, in_row)
                b.store_scalar(b.load_scalar(source), target)
                return ()

            b.loop(width, 1, one, unroll=4)
            return ()

        b.loop(TILE, 1, row)


class Evaluator:
    """A program's buffers for given weights and rows."""

    def __init__(self, program: Program, buffers: tuple[str, ...]) -> None:
        network = _Forward(program, TILE, "sgd", vector_lanes(), forward_only=True)
        self._module = Module(network.forward_text(buffers))
        self._outputs = self._module.function("outputs", "ppipp")
        self._packing = network.packing
        self._workspace = np.zeros(network.ws.size + 64)
        self._widths = sum(program.widths[name] for name in buffers)

    def outputs(self, values: Array, x: Array) -> Array:
        """The buffers for rows x, [rows, widths]."""
        rows = len(x)
        tiles = -(-rows // TILE)
        padded = np.zeros((tiles * TILE, x.shape[1]))
        padded[:rows] = x
        out = np.empty((tiles * TILE, self._widths))
        packed = self._packing.pack(values)
        self._outputs(packed.ctypes.data, padded.ctypes.data, tiles, self._workspace.ctypes.data, out.ctypes.data)
        return out[:rows]
