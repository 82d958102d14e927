"""What is handed out: the wheel, and the files by which a desktop shows the program."""

from __future__ import annotations

import configparser
import json
import os
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable
from email import message_from_string
from pathlib import Path

import pytest

import playground

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DESKTOP_FILE = ROOT / "packaging" / "backprop-playground.desktop"
ICON = ROOT / "resources" / "icons" / "backprop-playground.svg"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def shipped(folder: str) -> set[str]:
    tracked = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in tracked.stdout.split("\0") if name and (ROOT / name).exists()}


def test_that_the_wheel_carries_the_package_and_every_resource(names):
    assert shipped("playground") <= names
    assert {f"playground/{name}" for name in shipped("resources")} <= names
    assert "playground/resources/icons/backprop-playground.svg" in names
    assert not {name for name in names if name.startswith(("tests/", "packaging/")) or "__pycache__" in name}


def test_that_the_wheel_carries_licence_entry_point_and_metadata(wheel):
    info = f"backprop_playground-{playground.__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        metadata = message_from_string(archive.read(f"{info}/METADATA").decode())
        licence = archive.read(f"{info}/licenses/LICENSE").decode()
        entry_points = configparser.ConfigParser()
        entry_points.read_string(archive.read(f"{info}/entry_points.txt").decode())
    assert metadata["Name"] == "backprop-playground"
    assert metadata["Version"] == playground.__version__
    assert metadata["License-Expression"] == "MIT"
    assert licence.startswith("MIT License")
    assert "The Backprop Playground authors" in licence
    assert dict(entry_points["console_scripts"]) == {"backprop-playground": "playground.cli:main"}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Run Python away from the checkout with the unpacked wheel first in its path; returns what it prints."""
    folder = tmp_path_factory.mktemp("away")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")

    def run(*arguments: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(folder / "site")}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout

    return run


def test_that_an_installed_wheel_finds_its_resources_away_from_the_checkout(installed):
    icon = "resources/icons/backprop-playground.svg"
    look = f"import playground.resources as r; p = r.resource('{icon[10:]}'); print(p.is_file(), p)"
    there, path = installed("-c", look).split()
    assert there == "True"
    assert path.endswith(f"site/playground/{icon}")


def test_that_an_installed_wheel_trains_away_from_the_checkout(installed):
    answer = json.loads(installed("-m", "playground", "train", "xor", "--epochs", "2", "--json"))
    assert answer["epochs"] == 2


def test_that_an_installed_wheel_puts_the_program_into_the_menu(names):
    data = f"backprop_playground-{playground.__version__}.data/data/share"
    assert f"{data}/applications/{DESKTOP_FILE.name}" in names
    assert f"{data}/metainfo/backprop-playground.metainfo.xml" in names
    assert f"{data}/icons/hicolor/scalable/apps/{ICON.name}" in names


def desktop_entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # keys of a desktop entry know capitals
    parser.read(DESKTOP_FILE, encoding="utf-8")
    return parser["Desktop Entry"]


def test_that_the_desktop_entry_starts_the_command_under_its_icon():
    entry = desktop_entry()
    (command,) = PROJECT["scripts"]
    assert entry["Type"] == "Application"
    assert entry["Name"] == "Backprop Playground"
    assert entry["Comment"] == PROJECT["description"]
    assert entry["Exec"].split() == [command, "%f"]
    assert entry["Icon"] == ICON.stem
    assert entry["Categories"].endswith(";")


def test_that_the_appstream_metadata_speaks_of_the_same_program():
    root = ElementTree.parse(ROOT / "packaging" / "backprop-playground.metainfo.xml").getroot()
    entry = desktop_entry()
    (command,) = PROJECT["scripts"]
    assert root.get("type") == "desktop-application"
    assert root.findtext("launchable") == DESKTOP_FILE.name
    assert root.findtext("icon") == ICON.stem
    assert root.findtext("name") == entry["Name"]
    assert root.findtext("summary") == PROJECT["description"]
    assert root.findtext("project_license") == PROJECT["license"]
    assert root.findtext("provides/binary") == command
    assert root.find("releases/release").get("version") == playground.__version__


def test_that_the_icon_is_square_and_draws(qapp):
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(ICON))
    assert renderer.isValid()
    assert renderer.viewBoxF().width() == renderer.viewBoxF().height()
    image = QImage(16, 16, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    colours = {image.pixelColor(x, y).name() for x in range(16) for y in range(16)}
    assert {"#4338ca", "#6cb4f0"} <= colours  # at 16 px the ground and the squares still have their own colours
