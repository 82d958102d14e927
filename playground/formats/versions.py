"""A project of another version that stands where one is to be written: an older one is kept, a later one stays."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playground.formats import migrations
from playground.formats.project_json import FORMAT
from playground.formats.strict_json import parse
from playground.formats.writing import write_file
from playground.messages import UserError

_HEAD = re.compile(rb'\s*\{\s*"format":\s*"backprop-playground",\s*"version":\s*(\d{1,9})\s*[,}]')


def refuse_later(path: str | os.PathLike[str]) -> None:
    """Raise UserError where a file holds a project of a later version."""
    _other_version(Path(path))


def spare_other_versions(path: str | os.PathLike[str]) -> None:
    """Keep a copy of an older project that is about to be written over (`xor.v1.json`); refuse a later one.

    Raises UserError.
    """
    target = Path(path)
    older = _other_version(target)
    if older is None:
        return
    version, data = older
    backup = target.with_name(f"{target.stem}.v{version}{target.suffix}")
    if not backup.exists():
        write_file(backup, data)


def _other_version(path: Path) -> tuple[int, bytes] | None:
    """The version and bytes of an older project in a file, None without one; raises UserError for a later one."""
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError:
        return None
    version = _version_of(data)
    if version is None or version == migrations.CURRENT:
        return None
    if version > migrations.CURRENT:
        raise UserError(
            "{path} holds a project of version {version}; this program writes version {current} and would lose what it "
            "does not know. Choose another file name.",
            path=str(path),
            version=version,
            current=migrations.CURRENT,
        )
    return version, data


def _version_of(data: bytes) -> int | None:
    """The version of the project in these bytes; None where they hold none."""
    head = _HEAD.match(data[:200])
    if head:
        return int(head[1])
    try:
        value = parse(data, "")
    except UserError:
        return None
    if isinstance(value, dict) and value.get("format") == FORMAT and type(value.get("version")) is int:
        version: int = value["version"]
        return version
    return None
