"""A folder whose name is not ASCII and has a space in it."""

import pytest


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "한글 폴더 é"
    path.mkdir()
    return path
