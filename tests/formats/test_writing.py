"""A file is its old bytes or its new ones, whatever fails on the way."""

import errno
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from playground.formats import writing
from playground.formats.writing import write_file
from playground.messages import UserError


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "한글 폴더 é" / "신경망 모델.bin"
    path.parent.mkdir()
    path.write_bytes(b"old")
    return path


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_that_bytes_and_callbacks_are_written_and_counted(target):
    assert write_file(target, b"newer") == 5
    assert target.read_bytes() == b"newer"
    assert write_file(str(target), lambda file: file.write(b"from a callback") and None) == 15
    assert target.read_bytes() == b"from a callback"
    assert names(target.parent) == [target.name]


def failing(code):
    def fail(*args, **kwargs):
        raise OSError(code, os.strerror(code))

    return fail


class FullDisk(io.BytesIO):
    """A file that takes some bytes and then no more."""

    def __init__(self, handle, fail_at):
        super().__init__()
        self.handle, self.fail_at = handle, fail_at

    def fileno(self):
        return self.handle

    def write(self, data):
        if self.fail_at == "write":
            raise OSError(errno.ENOSPC, "full")
        return super().write(data)

    def flush(self):
        if self.fail_at == "flush":
            raise OSError(errno.ENOSPC, "full")

    def close(self):
        if not self.closed:
            super().close()
            os.close(self.handle)


@pytest.mark.parametrize(
    ("stage", "code", "sentence"),
    [
        ("mkstemp", errno.EACCES, "no permission"),
        ("mkstemp", errno.EROFS, "read-only"),
        ("mkstemp", errno.ENAMETOOLONG, "name is too long"),
        ("write", errno.ENOSPC, "disk is full"),
        ("flush", errno.ENOSPC, "disk is full"),
        ("fsync", errno.ENOSPC, "disk is full"),
        ("fsync", errno.EDQUOT, "disk is full"),
        ("fsync", errno.EIO, "Input/output error"),
        ("read_back", errno.EIO, "Input/output error"),
        ("chmod", errno.EPERM, "no permission"),
        ("replace", errno.EACCES, "no permission"),
        ("replace", errno.EIO, "Input/output error"),
    ],
)
def test_that_a_failure_at_any_stage_leaves_the_old_bytes_and_nothing_beside(
    target, monkeypatch, stage, code, sentence
):
    monkeypatch.setattr(writing, "RENAME_PAUSES", (0.0, 0.0))
    if stage == "mkstemp":
        monkeypatch.setattr(tempfile, "mkstemp", failing(code))
    elif stage in ("write", "flush"):
        monkeypatch.setattr(writing, "open", lambda handle, mode: FullDisk(handle, stage), raising=False)
    elif stage == "read_back":
        monkeypatch.setattr(Path, "read_bytes", failing(code))
    else:
        monkeypatch.setattr(os, stage, failing(code))
    with pytest.raises(UserError, match=sentence) as caught:
        write_file(target, b"new" * 1000, verify=lambda data: None)
    monkeypatch.undo()
    assert target.name in str(caught.value)
    assert target.read_bytes() == b"old"
    assert names(target.parent) == [target.name]


class Interrupted(BaseException):
    pass


@pytest.mark.parametrize(
    "error", [ValueError("a fault"), UserError("refused"), Interrupted(), OSError(errno.ENOSPC, "full")]
)
@pytest.mark.parametrize("where", ["content", "verify"])
def test_that_what_the_caller_raises_stops_the_write(target, error, where):
    def fail(_):
        raise error

    expected = UserError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected):
        write_file(target, fail if where == "content" else b"new", verify=fail if where == "verify" else None)
    assert target.read_bytes() == b"old"
    assert names(target.parent) == [target.name]


def test_that_verify_sees_the_bytes_on_the_disk_while_the_old_file_is_still_there(target):
    seen = []
    write_file(target, b"new", verify=lambda data: seen.append((data, target.read_bytes())))
    assert seen == [(b"new", b"old")]


def test_that_a_rename_refused_twice_succeeds_by_trying_again(target, monkeypatch):
    replace, refused = os.replace, []

    def scanner(source, destination):
        if len(refused) < 2:
            refused.append(1)
            raise PermissionError(errno.EACCES, "held by a scanner")
        replace(source, destination)

    monkeypatch.setattr(os, "replace", scanner)
    monkeypatch.setattr(writing, "RENAME_PAUSES", (0.0, 0.0, 0.0))
    write_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert len(refused) == 2


def test_that_places_that_take_no_file_are_named_with_a_remedy(tmp_path, monkeypatch):
    with pytest.raises(UserError, match=r"there is no folder .*nowhere\. Create it first"):
        write_file(tmp_path / "nowhere" / "a.json", b"")
    with pytest.raises(UserError, match="is a folder"):
        write_file(tmp_path, b"")
    kept = tmp_path / "kept.json"
    kept.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UserError, match="write-protected"):
        write_file(kept, b"new")
    assert kept.read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="permissions and links as POSIX has them")
def test_that_permissions_stay_and_a_link_stays_a_link(tmp_path):
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640
    write_file(tmp_path / "fresh.json", b"")
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "fresh.json").stat().st_mode & 0o777 == 0o666 & ~umask
    with pytest.raises(UserError, match="not an ordinary file"):
        write_file("/dev/null", b"")


SAVER = """
import sys
from playground.formats.writing import write_file
number = 0
while True:
    for letter in (b"A", b"B"):
        write_file(sys.argv[1], letter * 300_000)
        number += 1
        print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
def test_that_a_process_killed_while_saving_leaves_a_whole_file(tmp_path):
    path = tmp_path / "project.json"
    whole = {b"A" * 300_000, b"B" * 300_000}
    saves = 0
    for kill in range(8):
        process = subprocess.Popen([sys.executable, "-c", SAVER, str(path)], stdout=subprocess.PIPE)
        for _ in range(10):
            saves = saves + 1 if process.stdout.readline() else saves
        # Not a wait for something to happen: the moment of death is to fall anywhere within a save.
        time.sleep(kill * 0.0007)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert path.read_bytes() in whole
    assert saves >= 50
