"""What a command line gave back, and the strict reading of its JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn


def strict(text: str) -> Any:
    """The one JSON object of a text; NaN and Infinity, and anything beside the object, are refused."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is no JSON")

    value = json.loads(text, parse_constant=refuse)
    assert isinstance(value, dict)
    return value


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return strict(self.out)


Runner = Callable[..., Result]
