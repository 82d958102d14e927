"""What is printed, and where: answers to standard output, everything else to standard error.

Either stream may be closed, full or unable to write a sign; none of that may end in a traceback.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

#: Exit status, the record for `--json` and the text for people of a command.
Answer = tuple[int, Mapping[str, Any] | None, str]


class OutputClosed(Exception):
    """Standard output takes nothing (any more). `reason` is the sentence to say; empty where a reader just left."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def say(text: str) -> None:
    """Print a message on standard error, as one line; where that is closed, to nobody."""
    _write(sys.stderr, " ".join(text.splitlines()) + "\n")


def note(text: object) -> None:
    """Say something that the user should know and that keeps nothing from being done."""
    say(f"note: {text}")


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:
        with contextlib.suppress(OSError, ValueError):
            stream.write(text)
            stream.flush()


def check_output() -> None:
    """Raise `OutputClosed` where there is no standard output to print an answer on, before work is done for it."""
    if sys.stdout is None:
        raise OutputClosed("Standard output is closed; redirect it to a file, or to /dev/null.")


def print_answer(record: Mapping[str, Any] | None, text: str) -> None:
    """Print a record as one strict JSON object, or else the text; raises `OutputClosed`."""
    if record is None and not text:
        return
    check_output()
    stream = sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    if record is not None:
        text = json.dumps(record, allow_nan=False, ensure_ascii=not _is_unicode(stream))
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        _abandon(stream)
        raise OutputClosed("") from None
    except (OSError, ValueError) as error:
        _abandon(stream)
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputClosed(f"Standard output can't be written: {reason}. Redirect it elsewhere.") from None


def _is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")


def _abandon(stream: TextIO) -> None:
    """Let what is left in the stream's buffer go nowhere: the interpreter would complain when it flushes it at exit."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def aligned(rows: Sequence[Sequence[str]], indent: str = "", right: Sequence[int] = ()) -> list[str]:
    """Lines of columns two spaces apart; columns whose numbers stand in `right` are aligned at their right edge."""
    columns = max((len(row) for row in rows), default=0)
    widths = [max((len(row[k]) for row in rows if k < len(row)), default=0) for k in range(columns)]
    lines = []
    for row in rows:
        cells = [cell.rjust(widths[k]) if k in right else cell.ljust(widths[k]) for k, cell in enumerate(row)]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines
