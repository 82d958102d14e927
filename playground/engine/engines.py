"""Which engine trains a network: compiled code, or the walk where that is missing or no faster."""

from __future__ import annotations

import importlib.util

from playground.engine.program import Array, Program
from playground.engine.training_engine import Engine, WalkEngine

#: From so many parameters on the walk's products on BLAS are as fast as compiled ones, and start at once.
LARGE = 100_000


def compiled_engine_is_there() -> bool:
    """Whether llvmlite can be imported here."""
    return importlib.util.find_spec("llvmlite") is not None


def make_engine(program: Program, x: Array, y: Array) -> Engine:
    """The engine that owns a run from its first update to its last: two agree to the last digits, not to the bit."""
    if program.size >= LARGE or not compiled_engine_is_there():
        return WalkEngine(program, x, y)
    from playground.engine.native.engine import NativeEngine

    return NativeEngine(program, x, y)
