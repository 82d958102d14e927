"""JSON as the standard has it, both ways: no NaN, no Infinity, no key twice; and a text that a person can read.

Python's own reader takes NaN, makes infinity of 1e999 and lets a repeated key win silently; here each of these is
refused with the place where it stands.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from playground.messages import UserError

#: How deep arrays and objects may lie in one another.
DEEPEST = 64

#: A value that fits into a line of this length is written on one.
LINE = 110


class _Repeated(dict[str, Any]):
    """An object that had a key twice."""

    key = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    repeated = _Repeated(members)
    repeated.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return repeated


def parse(text: str | bytes, where: str) -> Any:
    """The value of a JSON text; `where` names the file in the sentence of the UserError that anything wrong raises."""
    if isinstance(text, bytes):
        text = _decoded(text, where)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise UserError("{where} is empty. Choose a project file.", where=where)
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise UserError(
            "{where} is not valid JSON: line {line}, column {column}: {reason}. Mend it there.",
            where=where,
            line=error.lineno,
            column=error.colno,
            reason=error.msg,
        ) from None
    except RecursionError:
        raise _too_deep(where) from None
    except ValueError:  # Python refuses to read a whole number of more than 4,300 digits.
        raise UserError("{where} holds a number of thousands of digits. Shorten it.", where=where) from None
    _check(value, where)
    return value


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise UserError(
            "{where} is not a text in UTF-8 (byte {byte}). Choose a project file, or save it as UTF-8.",
            where=where,
            byte=error.start + 1,
        ) from None


def _too_deep(where: str) -> UserError:
    return UserError("{where} has brackets more than {depth} deep in one another. Take some away.",
                     where=where, depth=DEEPEST)  # fmt: skip


def _check(value: Any, where: str) -> None:
    """Refuse what Python's reader lets pass. Paths are only put together when something is wrong."""
    waiting: list[tuple[Any, tuple[Any, ...], int]] = [(value, (), 0)]
    while waiting:
        current, path, depth = waiting.pop()
        if depth > DEEPEST:
            raise _too_deep(where)
        if isinstance(current, _Repeated):
            raise UserError(
                "{where}: {path} has the key {key} twice. Keep one of them.",
                where=where,
                path=shown_path(_keys(path)) or "the project",
                key=json.dumps(current.key, ensure_ascii=False),
            )
        for key, item in _members(current):
            if isinstance(item, float):
                if not math.isfinite(item):
                    raise UserError(
                        "{where}: {path} is not a finite number, which JSON does not have. Give a finite number.",
                        where=where,
                        path=shown_path(_keys((path, key))),
                    )
            elif isinstance(item, (dict, list)):
                waiting.append((item, (path, key), depth + 1))


def _members(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _keys(path: tuple[Any, ...]) -> tuple[str | int, ...]:
    keys: list[str | int] = []
    while path:
        path, key = path
        keys.append(key)
    return tuple(reversed(keys))


def shown_path(keys: tuple[str | int, ...]) -> str:
    """A place in a file as a person writes it: `network.nodes[1].units`."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        elif key.isidentifier():
            text += f".{key}" if text else key
        else:
            text += f"[{json.dumps(key, ensure_ascii=False)}]"
    return text


def shown_value(value: Any) -> str:
    """A value as it stands in the file, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def layout(value: Any) -> str:
    """The JSON text of a value, ending in a line break; raises ValueError on a number that is not finite.

    What fits stands on one line, and so does every list of plain values: a node, a wire, a row of a matrix.
    """
    text = _laid_out(value, 0) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:  # Half a surrogate pair, which UTF-8 cannot hold but an escape can.
        text = re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)
    return text


def _laid_out(value: Any, indent: int) -> str:
    if not isinstance(value, (dict, list, tuple)) or not value or _plain_list(value):
        return _line(value)
    if indent and _leaves(value) <= LINE // 3:  # A leaf takes three characters at least: "1, ".
        short = _line(value)
        if indent + len(short) <= LINE:
            return short
    inner, outer = " " * (indent + 1), " " * indent
    if isinstance(value, dict):
        parts = [f"{inner}{_line(str(key))}: {_laid_out(item, indent + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{outer}}}"
    return "[\n" + ",\n".join(inner + _laid_out(item, indent + 1) for item in value) + f"\n{outer}]"


def _leaves(value: Any) -> int:
    """How many plain values lie in a value; counted only as far as they may fit on a line."""
    count, waiting = 0, [value]
    while waiting and count <= LINE // 3:
        current = waiting.pop()
        if isinstance(current, dict):
            waiting.extend(current.values())
        elif isinstance(current, (list, tuple)):
            waiting.extend(current)
        else:
            count += 1
    return count


def _plain_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and not any(isinstance(item, (dict, list, tuple)) for item in value)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
