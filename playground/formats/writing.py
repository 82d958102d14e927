"""Files put in place whole: a reader, or a crash at any moment, meets the old bytes or the new ones and nothing else.

The new bytes go into a temporary file beside the target, are flushed to the disk, read back where the caller wants to
judge them, and only then take the target's name. Whatever fails on the way leaves the target as it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from playground.messages import UserError

#: Seconds to wait before the next try where the system refuses the final rename: on Windows a virus scanner or an
#: indexer holds a fresh file for a moment.
RENAME_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)

Content = bytes | Callable[[BinaryIO], None]


def write_file(path: str | os.PathLike[str], content: Content, *, verify: Callable[[bytes], None] | None = None) -> int:
    """Write a file through a temporary one beside it; returns the number of bytes.

    Args:
        path: where; a symbolic link is followed, so that the file it names is replaced and the link stays.
        content: the bytes, or a function that writes them into an open binary file.
        verify: is given the bytes as they are read back from the temporary file; what it raises stops the write.

    Raises:
        UserError: the folder is missing, the disk is full, …: what, where and the remedy. The old file is untouched.
    """
    shown = os.fspath(path)
    target = Path(os.path.realpath(path))
    try:
        _check_target(target, shown)
        return _write(target, content, verify)
    except OSError as error:
        raise _explained(error, shown, target) from error


def _check_target(target: Path, shown: str) -> None:
    if target.is_dir():
        raise UserError("{path} is a folder. Give the name of a file in it.", path=shown)
    if not target.parent.is_dir():
        raise UserError("{path} cannot be written: there is no folder {folder}. Create it first, or choose another.",
                        path=shown, folder=str(target.parent))  # fmt: skip
    if target.exists():
        if not target.is_file():
            raise UserError("{path} is not an ordinary file. Give another file name.", path=shown)
        if not os.access(target, os.W_OK):
            raise UserError("{path} is write-protected. Allow writing to it, or choose another file name.", path=shown)


def _write(target: Path, content: Content, verify: Callable[[bytes], None] | None) -> int:
    handle, name = tempfile.mkstemp(prefix=".backprop-", suffix=".part", dir=target.parent)
    temporary = Path(name)
    try:
        with open(handle, "wb") as file:
            if callable(content):
                content(file)
            else:
                file.write(content)
            file.flush()
            os.fsync(file.fileno())
        size = temporary.stat().st_size
        if verify is not None:
            verify(temporary.read_bytes())
        os.chmod(temporary, _mode(target))
        _rename(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(target.parent)
    return size


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced; those of a new file as the user's umask has them."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def _rename(temporary: Path, target: Path) -> None:
    for pause in RENAME_PAUSES:
        try:
            os.replace(temporary, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(temporary, target)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system lets a folder be flushed."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _explained(error: OSError, shown: str, target: Path) -> UserError:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return UserError("{path} was not written: the disk is full. Make room, or choose another disk.", path=shown)
    if error.errno == errno.EROFS:
        return UserError("{path} was not written: the disk is read-only. Choose another folder.", path=shown)
    if error.errno == errno.ENAMETOOLONG:
        return UserError("{path} was not written: the name is too long. Choose a shorter one.", path=shown)
    if isinstance(error, PermissionError):
        return UserError(
            "{path} was not written: no permission in {folder}, or another program holds the file. "
            "Close that program, or choose another folder.", path=shown, folder=str(target.parent))  # fmt: skip
    reason = error.strerror or str(error) or type(error).__name__
    return UserError("{path} was not written: {reason}. The old file is as it was; try again, or choose another "
                     "folder.", path=shown, reason=reason)  # fmt: skip
