"""The forward pass alone, compiled: any buffers for any number of rows, tile by tile."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from playground.engine.native.builder import Builder, Index, Place
from playground.engine.native.compiler import Module, vector_lanes
from playground.engine.native.packing import zeros
from playground.engine.native.stages import Stages
from playground.engine.program import Array, Picture, Program

#: Rows of a tile: its buffers stay in the cache from layer to layer.
TILE = 32


_Write = Callable[[Index], None]


class _Forward(Stages):
    """A network of which only the forward pass is emitted."""

    def forward_text(self, buffers: Sequence[str]) -> str:
        """The module, with two functions.

        `outputs(p, x, tiles, ws, out)` writes these buffers side by side for each row, [rows][widths], in float64;
        `pictures(p, x, tiles, ws, out)` one after the other, [widths][rows], in float32.
        """
        b, program = self.b, self.program
        features = program.widths[program.input]
        width = sum(program.widths[name] for name in buffers)
        arguments = "ptr noalias %p, ptr noalias %x, i64 %tiles, ptr noalias %ws, ptr noalias %out"

        def tile(t: Index, write: _Write) -> None:
            first = b.times(t, TILE)
            self._turn(Place("%x", b.times(first, features)), features, self.ws[f"value {program.input}"], read=True)
            self._walk()
            write(first)

        def in_rows(first: Index) -> None:
            place = Place("%out", b.times(first, width))
            for name in buffers:
                self._turn(place, width, self.ws[f"value {name}"], read=False, count=program.widths[name])
                place = b.at(place, program.widths[name])

        def in_pictures(first: Index) -> None:
            rows = b.times("%tiles", TILE)
            done = 0
            for name in buffers:
                self._shrink(self.ws[f"value {name}"], program.widths[name], b.add(b.times(rows, done), first), rows)
                done += program.widths[name]

        for name, write in (("outputs", in_rows), ("pictures", in_pictures)):
            with b.function(f"void @{name}({arguments})"):

                def one(t: Index, _: tuple[str, ...], write: _Write = write) -> tuple[()]:
                    tile(t, write)
                    return ()

                b.loop("%tiles", 1, one)
                b.emit("ret void")
        return self.module()

    def _turn(self, rows: Place, stride: int, columns: Place, *, read: bool, count: int | None = None) -> None:
        """Copy `count` numbers of each row of a tile, rows `stride` numbers apart, into columns or out of them."""
        b = self.b

        def row(k: Index, _: tuple[str, ...]) -> tuple[()]:
            def one(j: Index, _: tuple[str, ...]) -> tuple[()]:
                in_row = b.at(rows, b.add(b.times(k, stride), j))
                in_columns = b.at(columns, b.add(b.times(j, self.stride), k))
                source, target = (in_row, in_columns) if read else (in_columns, in_row)
                b.store_scalar(b.load_scalar(source), target)
                return ()

            b.loop(stride if count is None else count, 1, one, unroll=4)
            return ()

        b.loop(TILE, 1, row)

    def _shrink(self, columns: Place, width: int, first: Index, rows: Index) -> None:
        """Write a buffer of a tile as float32, each unit's row `rows` numbers after the one before."""
        b = self.b

        def unit(k: Index, _: tuple[str, ...]) -> tuple[()]:
            def column(n: Index, _: tuple[str, ...]) -> tuple[()]:
                vector = b.load(b.at(columns, b.add(b.times(k, self.stride), n)))
                _store_float(b, vector, b.add(b.add(b.times(rows, k), first), n))
                return ()

            b.loop(self.columns, b.lanes, column, unroll=4)
            return ()

        b.loop(width, 1, unit)


def _store_float(b: Builder, vector: str, offset: Index) -> None:
    """Write a vector behind `%out`, an array of float32."""
    kind = f"<{b.lanes} x float>"
    short = b.let(f"fptrunc {b.vector} {vector} to {kind}")
    place = b.let(f"getelementptr inbounds float, ptr %out, i64 {offset}")
    b.emit(f"store {kind} {short}, ptr {place}, align 4")


class Evaluator:
    """Some of a program's buffers for given weights and rows."""

    def __init__(self, program: Program, buffers: Sequence[str]) -> None:
        network = _Forward(program, TILE, "sgd", vector_lanes(), kept=buffers)
        self._module = Module(network.forward_text(buffers))
        self._outputs = self._module.function("outputs", "ppipp")
        self._pictures = self._module.function("pictures", "ppipp")
        self._packing = network.packing
        self._workspace = zeros(network.ws.size)
        self._width = sum(program.widths[name] for name in buffers)

    def outputs(self, values: Array, x: Array) -> Array:
        """The buffers for rows x, [rows, widths]."""
        rows = len(x)
        x, tiles = _whole_tiles(x)
        out = np.empty((tiles * TILE, self._width))
        packed = self._packing.pack(values)
        self._outputs(packed.ctypes.data, x.ctypes.data, tiles, self._workspace.ctypes.data, out.ctypes.data)
        return out[:rows]

    def pictures(self, values: Array, x: Array) -> Picture:
        """The buffers for rows x as one picture for each unit, [widths, rows], float32."""
        rows = len(x)
        x, tiles = _whole_tiles(x)
        out = np.empty((self._width, tiles * TILE), dtype=np.float32)
        packed = self._packing.pack(values)
        self._pictures(packed.ctypes.data, x.ctypes.data, tiles, self._workspace.ctypes.data, out.ctypes.data)
        return out[:, :rows]


def _whole_tiles(x: Array) -> tuple[Array, int]:
    """Rows filled up with zeros to whole tiles, and how many tiles that makes."""
    tiles = math.ceil(len(x) / TILE)
    if tiles * TILE == len(x):
        return np.ascontiguousarray(x), tiles
    whole = np.zeros((tiles * TILE, x.shape[1]))
    whole[: len(x)] = x
    return whole, tiles
