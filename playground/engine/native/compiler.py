"""LLVM IR to machine code that can be called: llvmlite alone, no compiler on the user's machine, nothing kept on disk.

Code generation at level 1 and no IR passes: the emitters write what they mean, and optimising it again would take five
times as long and win nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import llvmlite.binding as llvm

_POINTER, _WORD = ctypes.c_void_p, ctypes.c_int64


@cache
def _initialize() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _target() -> llvm.TargetMachine:
    """The processor of this machine, anew for each module: the compiler takes it over."""
    _initialize()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=1, jit=True
    )


@cache
def vector_lanes() -> int:
    """How many float64 a vector register holds here: 8 with AVX-512, 4 with AVX, else 2."""
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return 8
    return 4 if features.get("avx") else 2


class Module:
    """Compiled code; it lives as long as this object does."""

    def __init__(self, text: str) -> None:
        machine = _target()
        module = llvm.parse_assembly(text)
        module.triple = machine.triple
        module.data_layout = str(machine.target_data)
        self._engine = llvm.create_mcjit_compiler(module, machine)
        self._engine.finalize_object()

    def function(self, name: str, kinds: str) -> Callable[..., None]:
        """A function that takes pointers ("p") and 64-bit integers ("i") and runs without the interpreter's lock."""
        arguments = [_POINTER if kind == "p" else _WORD for kind in kinds]
        made: Callable[..., None] = ctypes.CFUNCTYPE(None, *arguments)(self._engine.get_function_address(name))
        return made
