"""`.npz`: the weights for NumPy. Plain arrays only, so that `np.load(file, allow_pickle=False)` reads every key.

Parameters are named `h1.weight` ([inputs, units]) and `h1.bias`; no other key has a point in it. `columns`, `features`
and `classes` are arrays of texts, `offset` and `scale` of numbers; everything else is one text.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib

import numpy as np
from numpy.typing import NDArray

from playground.engine.program import Array
from playground.formats.model import Model, model_from, tensors_of, texts_of
from playground.formats.reading import LARGEST
from playground.messages import UserError

#: Texts that hold a list, which stands as an array of its own kind.
_LISTS = ("columns", "classes", "features", "offset", "scale", "output_columns")

#: What zipfile and numpy raise on files that are none, or are cut short, or claim to be larger than the memory.
_DAMAGE = (
    OSError, EOFError, ValueError, KeyError, SyntaxError, NotImplementedError, RuntimeError, MemoryError, zlib.error,
    zipfile.BadZipFile,
)  # fmt: skip


def npz_bytes(model: Model) -> bytes:
    """The model as the bytes of an `.npz` file."""
    arrays: dict[str, NDArray[np.float64] | NDArray[np.str_]] = dict(tensors_of(model))
    for key, text in texts_of(model).items():
        if key in ("offset", "scale"):
            arrays[key] = np.array(json.loads(text), dtype=np.float64)
        else:
            arrays[key] = np.array(json.loads(text) if key in _LISTS else text, dtype=np.str_)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def read_npz(data: bytes, where: str = "weights.npz") -> Model:
    """The model in the bytes of an `.npz` file; nothing in it is ever executed.

    Raises UserError: no such file, damaged, with Python objects in it, or not one of this program's.
    """
    arrays = _arrays(data, where)
    texts: dict[str, str] = {}
    tensors: dict[str, Array] = {}
    for key, array in arrays.items():
        if "." in key:
            if array.dtype != np.float64:
                raise UserError("{where}: {key} holds {type}, not float64 numbers. Export it again.",
                                where=where, key=key, type=str(array.dtype))  # fmt: skip
            tensors[key] = array.astype(np.float64)
        elif key in _LISTS:
            try:
                texts[key] = json.dumps(array.tolist(), ensure_ascii=False, allow_nan=False)
            except ValueError:
                raise UserError("{where}: {key} holds a number that is not finite. Export it again.",
                                where=where, key=key) from None  # fmt: skip
        elif array.dtype.kind == "U" and array.ndim == 0:
            texts[key] = str(array)
    return model_from(texts, tensors, where)


def _arrays(data: bytes, where: str) -> dict[str, NDArray[np.generic]]:
    """Every array of a file, none of Python objects."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise UserError("{where} unpacks to more than any network of this program. Choose another file.",
                                where=where)  # fmt: skip
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {key: _array(archive, key, where) for key in archive.files}
    except _DAMAGE as error:
        raise UserError("{where} is not an .npz file, or is damaged ({reason}). Choose another file.",
                        where=where, reason=str(error) or type(error).__name__) from None  # fmt: skip


def _array(archive: np.lib.npyio.NpzFile, key: str, where: str) -> NDArray[np.generic]:
    try:
        array = archive[key]
    except ValueError as error:
        if "allow_pickle" not in str(error) and "Object arrays" not in str(error):
            raise
        raise UserError(
            "{where}: {key} holds Python objects, which can run programs and are not read. Choose another file.",
            where=where,
            key=key,
        ) from None
    if not isinstance(array, np.ndarray):
        raise UserError("{where}: {key} is not an array. Choose another file.", where=where, key=key)
    return array
