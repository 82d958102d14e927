"""A file's bytes, or one sentence that says why there are none."""

from __future__ import annotations

import os
from pathlib import Path

from playground.messages import UserError

#: No project or weights file of this program comes near to it.
LARGEST = 512 * 1024 * 1024


def read_file(path: str | os.PathLike[str]) -> bytes:
    """All bytes of a file; raises UserError where it is missing, no file, not permitted or larger than `LARGEST`."""
    shown, source = os.fspath(path), Path(path)
    try:
        if source.is_dir():
            raise UserError("{path} is a folder. Give the name of a file in it.", path=shown)
        if source.is_char_device():
            raise UserError("{path} is a device, not a file. Choose a file.", path=shown)
        if source.stat().st_size > LARGEST:
            raise UserError(
                "{path} is larger than {limit} MB, which no file of this program is. Choose another file.",
                path=shown,
                limit=LARGEST // (1024 * 1024),
            )
        return source.read_bytes()
    except FileNotFoundError as error:
        raise UserError("{path} does not exist. Check the name and the folder.", path=shown) from error
    except PermissionError as error:
        raise UserError("{path} may not be read. Allow reading it, or choose another file.", path=shown) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError("{path} could not be read: {reason}. Choose another file.", path=shown, reason=reason) from None
