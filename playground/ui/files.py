"""Opening, saving and exporting: from the menu to a file and back, with nothing lost on the way.

Reading and writing are errands beside the window's thread. A document that holds unsaved work is not replaced before
the user has said what shall become of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from playground.document.model import Document, Network, Node
from playground.document.presets import PRESETS
from playground.engine.state import State
from playground.formats.model import Trained
from playground.formats.project import Project, read_project_file, state_from_project, write_project_file
from playground.formats.weights import FORMATS, ExportReport, export
from playground.messages import Message, UserError, message
from playground.training.plan import Plan, make_plan
from playground.ui.errands import Errands
from playground.ui.session import Session
from playground.ui.settings import Settings
from playground.ui.translation import tr

Then = Callable[[], None]

#: Milliseconds between two tries at what has to wait for the trainer.
PATIENCE = 30


class Files(QObject):
    """Which file the document lives in, and all that reads or writes one.

    `said` carries a notice and its mood; `title_changed` tells that name or modified mark may differ.
    """

    said = Signal(object, str)
    title_changed = Signal()

    def __init__(self, session: Session, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._settings = settings
        self._window = window
        self._origin = session.document
        self._saved_updates = 0
        self.path: Path | None = None
        self.name: Message = message("untitled")
        self.dialog: QMessageBox | QFileDialog | None = None
        self.errands = Errands(self)
        self.errands.failed.connect(lambda reason: self.said.emit(reason, "error"))
        session.undo_stack.cleanChanged.connect(self._tell_title)

    def close(self) -> None:
        """End the errands; there is no title any more."""
        # An undo stack that goes says so once more, when there may be nothing left to ask.
        self._session.undo_stack.cleanChanged.disconnect(self._tell_title)
        self.errands.close()

    def _tell_title(self, _clean: bool) -> None:
        self.title_changed.emit()

    # --- what is open ------------------------------------------------------------------------------------------------

    def title(self) -> str:
        """The name of what is open."""
        return self.path.name if self.path is not None else tr(self.name)

    def modified(self) -> bool:
        """Whether there is work that a save would keep: edits, or training of a project that lives in a file."""
        if not self._session.undo_stack.isClean():
            return True
        snapshot = self._session.snapshot
        return self.path is not None and snapshot is not None and snapshot.updates != self._saved_updates

    def _precious(self) -> bool:
        """Whether replacing the document needs asking: not for a preset in which only settings and switches moved."""
        if self.path is not None:
            return self.modified()
        return _shape(self._session.document.network) != _shape(self._origin.network)

    def open_preset(self, name: str) -> None:
        """Open a built-in experiment, after asking for unsaved work."""
        preset = PRESETS[name]

        def build() -> Document:
            return preset.document

        self.ask_first(lambda: self.errands.do(build, lambda document: self._take(document, None, None, preset.title)))

    def open_document(self, document: Document, state: State | None = None) -> None:
        """Take up a document that comes from nowhere in particular, without asking."""
        self._take(document, state, None, message("untitled"))

    def new(self) -> None:
        """An empty canvas with the present data, after asking for unsaved work."""
        document = replace(self._session.document, network=Network(), parameters={}, extra={})
        self.ask_first(lambda: self._take(document, None, None, message("untitled")))

    def _take(self, document: Document, state: State | None, path: Path | None, name: Message) -> None:
        self.path, self.name = path, name
        self._origin = document
        self._saved_updates = state.updates if state is not None else 0
        self._session.open(document, state)
        self.title_changed.emit()

    # --- opening -----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Ask for a project file and open it."""
        self.ask_first(self._choose_open)

    def _choose_open(self) -> None:
        dialog = QFileDialog(self._window, tr("Open a project"), self._folder(), _filter(tr("Projects"), (".json",)))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.open_file(Path(path)))
        self._show(dialog)

    def open_file(self, path: Path) -> None:
        """Open a project file; the document before it stays where the file cannot be read."""
        self._settings.folder = str(path.parent)
        self.errands.do(partial(_read, path), lambda read: self._opened(path, *read))

    def _opened(self, path: Path, project: Project, document: Document, state: State | None) -> None:
        self._take(document, state, path, message("untitled"))
        for note in project.notes:
            self.said.emit(note, "warn")

    # --- saving ------------------------------------------------------------------------------------------------------

    def save(self, then: Then | None = None) -> None:
        """Save into the file it came from, or ask for one."""
        if self.path is None:
            self.save_as(then)
        else:
            self._save_to(self.path, then)

    def save_as(self, then: Then | None = None) -> None:
        """Ask for a file and save into it."""
        dialog = self._save_dialog(tr("Save the project"), _filter(tr("Projects"), (".json",)), ".json")
        dialog.fileSelected.connect(lambda path: self._save_to(Path(path), then))
        self._show(dialog)

    def _save_to(self, path: Path, then: Then | None) -> None:
        if not self._session.settled:
            # A project opened a moment ago: what it had learned is still on its way.
            QTimer.singleShot(PATIENCE, self, lambda: self._save_to(path, then))
            return
        self._settings.folder = str(path.parent)
        document = self._session.document
        index = self._session.undo_stack.index()

        def saved(state: State | None) -> None:
            self.path = path
            self._saved_updates = state.updates if state is not None else 0
            self._origin = document
            if self._session.undo_stack.index() == index:
                self._session.undo_stack.setClean()
            self.title_changed.emit()
            self.said.emit(message("Saved: {name}.", name=path.name), "ok")
            if then is not None:
                then()

        def write(plan: Plan | None, state: State | None) -> None:
            program = plan.program if plan is not None else None
            work = partial(write_project_file, path, document, program, state)
            self.errands.do(work, lambda _done: saved(state))

        if self._session.plan is None:
            write(None, None)
        else:
            self._session.capture(write)

    # --- exporting ---------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask for a file and write the weights of this moment into it, in the format that its suffix names."""
        error = self._session.first_error
        if error is not None or self._session.plan is None:
            self.said.emit(error.message if error else message("There is no network to export yet."), "warn")
            return
        suffixes = [suffix for suffix in FORMATS if suffix != ".json"]
        filters = ";;".join(_filter(tr(FORMATS[suffix].label), (suffix,)) for suffix in suffixes)
        dialog = self._save_dialog(tr("Export the weights"), filters, suffixes[0])
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(next((s for s in suffixes if f"*{s}" in chosen), suffixes[0])[1:])
        )
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path)))
        self._show(dialog)

    def export_to(self, path: Path) -> None:
        """Write the weights of this moment; the notice says what was compared after reading the file back."""
        self._settings.folder = str(path.parent)

        def write(plan: Plan, state: State) -> None:
            trained = Trained(plan.program, state.values, plan.document, plan.dataset, plan.meaning, state)
            self.errands.do(partial(export, path, trained), self._exported)

        self._session.capture(write)

    def _exported(self, report: ExportReport) -> None:
        name = Path(report.path).name
        said = message(
            "Exported {name}. Read back and compared: {compared}; the largest difference is {difference}.",
            name=name,
            compared=report.compared,
            difference=f"{report.max_difference:.1g}",
        )
        self.said.emit(said, "ok")

    # --- asking ------------------------------------------------------------------------------------------------------

    def ask_first(self, then: Then, *, closing: bool = False) -> None:
        """Go on with `then`, at once or after the user has decided about unsaved work; not at all after Cancel."""
        if not (self.modified() if closing and self.path is not None else self._precious()):
            then()
            return
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("Unsaved changes"))
        box.setText(tr("“{name}” has changes that are not saved.", name=self.title()))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        box.button(buttons.Discard).setText(tr("Don't save"))

        def decided(result: int) -> None:
            if result == buttons.Save:
                self.save(then)
            elif result == buttons.Discard:
                then()

        box.finished.connect(decided)
        self._show(box)

    def _save_dialog(self, title: str, filters: str, suffix: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder(), filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        stem = self.path.stem if self.path is not None else tr(self.name).split(",")[0]
        dialog.selectFile(stem + suffix)
        return dialog

    def _show(self, dialog: QMessageBox | QFileDialog) -> None:
        """Open a dialog without blocking; it goes with its last use."""
        self.dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _folder(self) -> str:
        return self._settings.folder or str(Path.home())


def _filter(label: str, suffixes: tuple[str, ...]) -> str:
    return f"{label} ({' '.join(f'*{suffix}' for suffix in suffixes)})"


def _shape(network: Network) -> object:
    """A network without what a learner flips while playing: switches, places and names."""

    def bare(node: Node) -> object:
        return node.id, node.kind, {key: own for key, own in node.fields.items() if key != "enabled"}

    return [bare(node) for node in network.nodes], network.wires


def _read(path: Path) -> tuple[Project, Document, State | None]:
    """A project and where its training stood; a network that cannot run yet keeps the numbers as given ones."""
    project = read_project_file(path)
    if project.progress is None:
        return project, project.document, None
    try:
        program = make_plan(project.document).program
    except UserError:
        return project, replace(project.document, parameters=project.progress.weights), None
    return project, project.document, state_from_project(project, program)
