"""An exported `.onnx` file read back and run by ONNX's own reference evaluator, apart from our engine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.engine.program import Array
from playground.formats.model import FORMAT
from playground.formats.onnx_graph import INPUT
from playground.formats.place import Place
from playground.formats.strict_json import parse
from playground.messages import UserError, message


@dataclass(frozen=True)
class OnnxModel:
    """An ONNX graph of ours. `columns` are the raw feature columns, `output_columns` name the columns of `predict`."""

    columns: tuple[str, ...]
    output_columns: tuple[str, ...]
    evaluator: Any

    def predict(self, raw_rows: Array) -> Array:
        """The last output, computed in float32, for raw rows [rows, columns].

        Raises UserError where the rows have another number of columns.
        """
        rows = np.asarray(raw_rows, dtype=np.float64)
        if rows.ndim != 2 or rows.shape[1] != len(self.columns):
            raise UserError(
                "The rows have {count} columns; the network takes {wanted}: {columns}. Give these, in this order.",
                count=rows.shape[-1] if rows.ndim else 0,
                wanted=len(self.columns),
                columns=", ".join(self.columns[:12]),
            )
        with np.errstate(all="ignore"):
            result = self.evaluator.run(None, {INPUT: rows.astype(np.float32)})[-1]
        return np.asarray(result, dtype=np.float64)


def read_onnx(data: bytes, where: str = "weights.onnx") -> OnnxModel:
    """The graph in the bytes of an `.onnx` file; raises UserError where it is damaged or not this program's."""
    import onnx
    from onnx.reference import ReferenceEvaluator

    try:
        proto = onnx.load_model_from_string(data)
        onnx.checker.check_model(proto, full_check=True)
        evaluator = ReferenceEvaluator(proto)
    except Exception as error:  # protobuf, checker and evaluator each raise kinds of their own, and plain ones.
        reason = str(error).strip().splitlines()
        raise UserError(
            "{where} is not an .onnx file, or is damaged ({reason}). Choose another file.",
            where=where,
            reason=reason[0][:200] if reason else type(error).__name__,
        ) from None
    texts = {entry.key: entry.value for entry in proto.metadata_props}
    inputs = [entry.name for entry in proto.graph.input]
    if texts.get("format") != FORMAT or inputs != [INPUT]:
        raise UserError(
            "{where} holds no network of Backprop Playground. Choose a file that it exported.",
            where=where,
        )
    return OnnxModel(_names(texts, "columns", where), _names(texts, "output_columns", where), evaluator)


def _names(texts: dict[str, str], key: str, where: str) -> tuple[str, ...]:
    place = Place(where, parse(texts.get(key, json.dumps(None)), where), (key,))
    what = message("a list of names")
    return tuple(member.text(10_000, what, shortest=0) for member in place.items(what, 100_000))
