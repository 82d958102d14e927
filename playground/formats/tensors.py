"""`.safetensors`: the weights for PyTorch and its neighbours; float64 tensors, everything else in the metadata.

A tensor's name is its parameter's (`h1.weight`), its layout [inputs, units]: PyTorch's own `Linear` wants it
transposed. The library writes strided memory scrambled and without a word, so only contiguous copies are given to it.
"""

from __future__ import annotations

import json

import numpy as np

from playground.engine.program import Array
from playground.formats.model import Model, model_from, tensors_of, texts_of
from playground.messages import UserError


def safetensors_bytes(model: Model) -> bytes:
    """The model as the bytes of a `.safetensors` file."""
    from safetensors.numpy import save

    data: bytes = save(tensors_of(model), metadata=texts_of(model))
    return data


def read_safetensors(data: bytes, where: str = "weights.safetensors") -> Model:
    """The model in the bytes of a `.safetensors` file; raises UserError where it is damaged or not this program's."""
    return model_from(_metadata(data, where), _tensors(data, where), where)


def _tensors(data: bytes, where: str) -> dict[str, Array]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(data)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise _damaged(where, str(error)) from None
    for name, tensor in tensors.items():
        if tensor.dtype != np.float64:
            raise UserError("{where}: {key} holds {type}, not float64 numbers. Export it again.",
                            where=where, key=name, type=str(tensor.dtype))  # fmt: skip
    return dict(tensors)


def _metadata(data: bytes, where: str) -> dict[str, str]:
    """The header's texts: 8 bytes of length, then JSON. The library itself reads them from files only, not bytes."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > len(data) - 8:
        raise _damaged(where, "its header is cut off")
    try:
        header = json.loads(data[8 : 8 + length])
    except (ValueError, RecursionError) as error:
        raise _damaged(where, str(error)) from None
    metadata = header.get("__metadata__", {}) if isinstance(header, dict) else {}
    if not isinstance(metadata, dict):
        raise _damaged(where, "its header is no table of texts")
    return {key: value for key, value in metadata.items() if isinstance(value, str)}


def _damaged(where: str, reason: str) -> UserError:
    return UserError("{where} is not a .safetensors file, or is damaged ({reason}). Choose another file.",
                     where=where, reason=reason)  # fmt: skip
