"""Files that a command will write: what can be refused is refused before the work is done."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from playground.messages import UserError


def check_target(path: str, suffixes: Sequence[str], what: str) -> None:
    """Raise UserError where a file cannot be written, as far as that can be known without writing it."""
    target = Path(path)
    if not any(target.name.lower().endswith(suffix) and len(target.name) > len(suffix) for suffix in suffixes):
        raise UserError(
            "{path}: {what} a file whose name ends in {suffixes}. Change the name.",
            path=path,
            what=what,
            suffixes=listed(suffixes),
        )
    folder = target.resolve().parent
    if target.is_dir():
        raise UserError("{path} is a folder. Give the name of a file in it.", path=path)
    if target.exists() and not target.is_file():
        raise UserError("{path} is not an ordinary file. Give another file name.", path=path)
    if not folder.is_dir():
        raise UserError(
            "{path} cannot be written: there is no folder {folder}. Create it first, or choose another.",
            path=path,
            folder=str(folder),
        )
    try:
        # Permissions alone do not say it: a superuser, a network drive and Windows have rules of their own.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UserError(
            "{path} cannot be written: {reason} in {folder}. Choose another folder.",
            path=path,
            reason=error.strerror or str(error),
            folder=str(folder),
        ) from error
    if target.exists() and not os.access(target, os.W_OK):
        raise UserError("{path} is write-protected. Allow writing to it, or choose another file name.", path=path)


def check_distinct(paths: Iterable[str]) -> None:
    """Raise UserError where one file would be written twice."""
    seen: set[Path] = set()
    for path in paths:
        target = Path(path).resolve()
        if target in seen:
            raise UserError("{path} would be written twice. Give each file a name of its own.", path=path)
        seen.add(target)


def listed(words: Sequence[str]) -> str:
    """Words as a choice: “a, b or c”."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
