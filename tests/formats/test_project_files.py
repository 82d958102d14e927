"""Progress, files and versions of projects."""

import json
import math
import os
from dataclasses import replace

import pytest
from answers import simple
from projects import PROGRAM, XOR, trained_state

from playground.document.model import DataSpec, Document, Node, TrainingSpec
from playground.formats import migrations
from playground.formats.project import (
    project_json,
    read_project,
    read_project_file,
    state_from_project,
    write_project_file,
)
from playground.formats.weights import export
from playground.messages import UserError


def test_that_a_trained_project_resumes_bit_for_bit():
    document = read_project(json.dumps(XOR)).document
    state = trained_state()
    project = read_project(project_json(document, PROGRAM, state), "saved.json")
    assert project.document == document, "Reset returns to the parameters that the document was given"
    again = state_from_project(project, PROGRAM)
    assert again.values.tobytes() == state.values.tobytes()
    assert {name: slot.tobytes() for name, slot in again.slots.items()} == {
        name: slot.tobytes() for name, slot in state.slots.items()
    }
    assert (again.seed, again.steps, again.updates, again.epoch, again.batch) == (17, 41, 55, 2, 5)
    saved = json.loads(project_json(document, PROGRAM, state))
    assert saved["parameters"]["out"]["bias"] == [state.values[-1]]
    assert set(saved["progress"]) == {"epoch", "updates", "steps", "batch", "seed", "slots", "start"}
    assert saved["progress"]["start"] == XOR["parameters"]


def test_that_without_progress_parameters_are_initial_values():
    project = read_project(json.dumps(XOR))
    assert state_from_project(project, PROGRAM) is None
    assert "h1" in project.document.parameters


def test_that_unknown_members_of_progress_survive_while_there_is_progress():
    document = read_project(json.dumps(XOR)).document
    saved = json.loads(project_json(document, PROGRAM, trained_state()))
    saved["progress"]["history"] = [1, 2]
    project = read_project(json.dumps(saved))
    assert json.loads(project_json(project.document, PROGRAM, trained_state()))["progress"]["history"] == [1, 2]
    assert "progress" not in json.loads(project_json(project.document))


def test_that_saved_training_that_does_not_fit_the_program_is_refused_by_name():
    saved = json.loads(project_json(read_project(json.dumps(XOR)).document, PROGRAM, trained_state()))
    del saved["parameters"]["out"]
    with pytest.raises(UserError, match=r"saved.json: the saved training has no fitting numbers for out\.weight"):
        state_from_project(read_project(json.dumps(saved), "saved.json"), PROGRAM)


def test_that_weights_that_ran_away_are_never_written_and_lost_slots_do_not_stop_a_save():
    document = read_project(json.dumps(XOR)).document
    state = trained_state()
    state.slots["square"][3] = math.inf
    again = state_from_project(read_project(project_json(document, PROGRAM, state)), PROGRAM)
    assert again.slots == {}
    assert again.steps == 0
    state.values[0] = math.nan
    with pytest.raises(UserError, match="not finite"):
        project_json(document, PROGRAM, state)


def test_that_a_state_of_a_network_that_was_edited_since_keeps_what_fits():
    document = read_project(json.dumps(XOR)).document
    nodes = tuple(Node("out", "dense", {"units": 3}) if node.id == "out" else node for node in document.network.nodes)
    edited = replace(document, network=replace(document.network, nodes=nodes))
    saved = json.loads(project_json(edited, PROGRAM, trained_state()))
    assert list(saved["parameters"]) == ["h1"]
    assert read_project(json.dumps(saved)).progress is not None


def test_that_a_file_with_any_name_comes_back(tmp_path):
    folder = tmp_path / "한글 폴더 é"
    folder.mkdir()
    document = read_project(json.dumps(XOR)).document
    path = folder / "신경망 모델.json"
    write_project_file(path, document, PROGRAM, trained_state())
    assert read_project_file(path).document == document
    assert [file.name for file in folder.iterdir()] == [path.name]


def test_that_files_that_cannot_be_read_say_so(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        read_project_file(tmp_path / "missing.json")
    with pytest.raises(UserError, match="is a folder"):
        read_project_file(tmp_path)
    with pytest.raises(UserError, match="could not be read"):
        read_project_file("with\0nul")


@pytest.mark.skipif(os.name == "nt", reason="a device as POSIX has it")
def test_that_a_device_without_an_end_is_refused():
    with pytest.raises(UserError, match="/dev/zero is a device"):
        read_project_file("/dev/zero")


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "backprop-playground", "version": 999}',
        '{"version": 999, "format": "backprop-playground", "x": 1}',
    ],
)
def test_that_a_later_project_is_never_written_over(tmp_path, text):
    path = tmp_path / "new.json"
    path.write_text(text)
    with pytest.raises(UserError, match="version 999; this program reads up to version 1"):
        read_project_file(path)
    with pytest.raises(UserError, match="version 999; this program writes version 1"):
        write_project_file(path, Document())
    with pytest.raises(UserError, match="version 999; this program writes version 1"):
        export(path, simple())
    assert path.read_text() == text


def test_that_an_older_project_is_migrated_and_kept_beside_the_new_one(tmp_path, monkeypatch):
    monkeypatch.setattr(migrations, "CURRENT", 3)
    steps = {
        1: lambda project: {**project, "training": {"learning_rate": project["rate"]}, "rate": None},
        2: lambda project: {key: value for key, value in project.items() if key != "rate"},
    }
    monkeypatch.setattr(migrations, "MIGRATIONS", steps)
    path = tmp_path / "old.json"
    old = '{"format": "backprop-playground", "version": 1, "rate": 0.5}'
    path.write_text(old)
    project = read_project_file(path)
    assert project.version == 1
    assert project.document == Document(training=TrainingSpec(learning_rate=0.5))
    write_project_file(path, project.document)
    assert json.loads(path.read_text())["version"] == 3
    assert (tmp_path / "old.v1.json").read_text() == old
    path.write_text('{"format": "backprop-playground", "version": 1}')
    write_project_file(path, project.document)
    assert (tmp_path / "old.v1.json").read_text() == old, "the first backup stays"


def test_that_a_migration_leaves_the_object_it_was_given_as_it_was():
    given_project = {"version": 1, "a": 1}
    result = migrations.migrated(given_project, 1, 2, {1: lambda project: {**project, "b": 2}})
    assert result == {"version": 2, "a": 1, "b": 2}
    assert given_project == {"version": 1, "a": 1}


def test_that_something_else_in_the_file_is_replaced_without_fuss(tmp_path):
    path = tmp_path / "note.json"
    path.write_text("not a project")
    write_project_file(path, Document())
    assert read_project_file(path).document == Document()


def test_that_what_could_not_be_opened_again_is_not_saved(tmp_path):
    """A table of the user's own may be wider than, or have names longer than, what a project file takes."""
    path = tmp_path / "table.json"
    write_project_file(path, Document())
    before = path.read_bytes()
    data = DataSpec("table", columns=("a" * 2000, "b"), rows=((1, 0), (2, 1)), target="b")
    with pytest.raises(UserError, match=r"table\.json was not written, for it could not be opened again\. .*columns"):
        write_project_file(path, Document(data=data))
    assert path.read_bytes() == before
    wide = tuple(f"c{index}" for index in range(12_000))
    write_project_file(path, Document(data=DataSpec("table", columns=wide, rows=((0,) * 12_000,))))
    assert read_project_file(path).document.data.columns == wide
