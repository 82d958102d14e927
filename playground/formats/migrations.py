"""Older projects made into today's, one version at a time.

A migration takes the plain JSON object of one version and gives that of the next. It is written once and never
changed, and imports nothing of the program: what a version looked like does not change when the program does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: The version that this program writes.
CURRENT = 1

Migration = Callable[[dict[str, Any]], dict[str, Any]]

#: From each older version to the one after it. Format 1 is the first, so there is none yet.
MIGRATIONS: Mapping[int, Migration] = {}


def migrated(project: dict[str, Any], version: int, current: int, steps: Mapping[int, Migration]) -> dict[str, Any]:
    """`project`, of `version`, as a project of version `current`; the given object is left as it was.

    Raises KeyError where there is no way from that version.
    """
    for step in range(version, current):
        project = {**steps[step](project), "version": step + 1}
    return project
