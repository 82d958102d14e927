"""The inspector: the settings of what is selected, from the catalog's fields; what goes in and out; what is wrong.

Every change is one named edit of the session. The inspector keeps nothing: it shows the document of this moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from playground.data.features import available
from playground.document import edits
from playground.document.catalog import Field, kind_of, shown, title, value
from playground.document.check import widths
from playground.document.model import Document, Network, Node, Wire
from playground.messages import Message, message
from playground.ui.canvas.chain import Chain, chain_of
from playground.ui.canvas.face import as_wide
from playground.ui.canvas.ordering import move_input
from playground.ui.inputs_list import InputsList
from playground.ui.problem_row import ProblemList, ProblemRow
from playground.ui.session import Session
from playground.ui.theme import font, themes
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.card import Card
from playground.ui.widgets.field_form import FieldForm

#: Changes of one field that follow each other within this many milliseconds are one undo step.
_TOGETHER = 1000
#: As many problems as are listed at a time.
_MOST = 4


class Inspector(Card):
    """The form for the selection. `left`: Esc was pressed, so the keys should go back to the canvas."""

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(framed=False, parent=parent)
        self._session = session
        self._nodes: tuple[Node, ...] = ()
        self._clock = QElapsedTimer()
        self._counted: Network | None = None
        self._chain = Chain()
        self._gesture: tuple[object, object] = (None, None)
        self.form: FieldForm | None = None
        self._forms: dict[str, FieldForm] = {}
        self._about, self._flow = QLabel(self), QLabel(self)
        self.name = QLineEdit(self)
        self.name.setMaxLength(edits.LONGEST_NAME)
        self.name.editingFinished.connect(self._rename)
        self.inputs = InputsList(self._move_input, self)
        self._place = QVBoxLayout()
        self._problems = ProblemList(session, self)
        self._problems.changed.connect(self._order_keys)
        for label in (self._about, self._flow):
            label.setWordWrap(True)
            label.setFont(font(12))
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.body.addWidget(self._about)
        self.body.addWidget(self.name)
        self.body.addLayout(self._place)
        self.body.addWidget(self.inputs)
        self.body.addWidget(self._flow)
        self.body.addWidget(self._problems)
        self.body.addStretch(1)
        session.document_changed.connect(self._refresh)
        session.selection_changed.connect(self._refresh)
        session.problems_changed.connect(self._show_problems)
        session.table_changed.connect(self._refresh)
        themes.changed.connect(self._restyle)
        language_changed.connect(self.retranslate)
        self.retranslate()

    def focus_first(self) -> None:
        """Give the keys to the first setting of the selection, else to its name."""
        if self.form is not None:
            editor = self.form.editor(self.form.keys()[0])
            inside = editor if editor.focusPolicy() != Qt.FocusPolicy.NoFocus else editor.nextInFocusChain()
            (inside or editor).setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.inputs.isVisibleTo(self):
            self.inputs.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.name.isHidden():
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def problem_rows(self) -> list[ProblemRow]:
        """The problems that are listed."""
        return self._problems.rows()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.name.setAccessibleName(tr("Name"))
        self.inputs.retranslate()
        self._refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keys are for what can be set."""
        super().focusInEvent(event)
        self.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the canvas."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    # --- showing -----------------------------------------------------------------------------------

    def _refresh(self, *changes: object) -> None:
        session = self._session
        self._nodes = tuple(node for node in session.document.network.nodes if node.id in session.selection)
        kinds = {node.kind for node in self._nodes}
        self._show_words()
        self._show_form(self._nodes[0].kind if len(kinds) == 1 else "")
        self._show_inputs()
        self._show_problems()
        self._order_keys()

    def _show_words(self) -> None:
        document, nodes = self._session.document, self._nodes
        one = nodes[0] if len(nodes) == 1 else None
        self.name.setVisible(one is not None)
        if one is not None:
            self.set_title(tr(title(one)))
            self._about.setText(tr(kind_of(one).description))
            if not self.name.hasFocus() or self.name.text() == self.name.placeholderText():
                self.name.setText(one.name or "")
            self.name.setPlaceholderText(tr("Name: {node}", node=title(Node(one.id, one.kind, one.fields))))
            self._flow.setText(flow_text(document, one))
        elif nodes:
            self.set_title(tr("{count} cards", count=len(nodes)))
            same = len({node.kind for node in nodes}) == 1
            self._about.setText(
                tr("Settings are changed in all of them.") if same else tr("Cards of several kinds share no settings.")
            )
            self._flow.setText("")
        else:
            self.set_title(tr("Network"))
            self._about.setText(tr("Select a card to see its settings."))
            if self._counted is None or not as_wide(self._counted, document.network):
                self._chain = chain_of(document.network)
            self._counted = document.network
            self._flow.setText(", ".join(self._chain.words()))
        self._flow.setVisible(bool(self._flow.text()))

    def _show_form(self, kind: str) -> None:
        """The form of a kind, made when it is first needed and kept; none for ""."""
        fields = kind_of(self._nodes[0]).fields if kind else ()
        if fields and kind not in self._forms:
            form = self._forms[kind] = FieldForm(fields, parent=self)
            form.changed.connect(self._set)
            self._place.addWidget(form)
        wanted = self._forms[kind] if fields else None
        if wanted is not self.form:
            if self.form is not None:
                self.form.hide()
            if wanted is not None:
                wanted.show()
            self.form = wanted
        if self.form is None:
            return
        first = self._nodes[0]
        if self._session.table is not None and any(field.type == "features" for field in fields):
            own = value(first, "features")
            offered = dict.fromkeys([*available(self._session.table.columns), *own])
            self.form.set_available("features", offered)
        self.form.set_values({field.key: value(first, field.key) for field in fields})

    def _show_inputs(self) -> None:
        """What a concat takes, in its order; nothing of any other node."""
        document, node = self._session.document, self._nodes[0] if len(self._nodes) == 1 else None
        ordered = node is not None and edits.has_order(document.network, node.id)
        self.inputs.setVisible(ordered)
        if node is not None and ordered:
            known, network = widths(document), document.network
            named = [(id, title(network.node(id)), _values([known[id]])) for id in network.sources(node.id)]
            self.inputs.show_inputs([(id, f"{tr(name)}, {tr(given)}") for id, name, given in named])

    def _show_problems(self, *problems: object) -> None:
        """List what is wrong."""
        ids = {node.id for node in self._nodes}
        found = [one for one in self._session.problems if (one.node in ids if ids else True)][:_MOST]
        self._problems.show_problems(found)

    def _order_keys(self) -> None:
        """Tab goes through the panel as the eye does; what was made a moment ago would else come after everything."""
        inside = self.form.findChildren(QWidget) if self.form is not None else []
        inside += [self.inputs.rows, self.inputs.up, self.inputs.down] if self.inputs.isVisibleTo(self) else []
        buttons = self._problems.buttons()
        # The list of a drop-down is a window of its own.
        stops = [
            widget
            for widget in (*inside, *buttons)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is self.window()
        ]
        for before, after in pairwise([self.name, *stops]):
            QWidget.setTabOrder(before, after)

    def _restyle(self, *theme: object) -> None:
        self._problems.restyle()

    # --- changing ----------------------------------------------------------------------------------

    def _set(self, key: str, new: object) -> None:
        nodes, session = self._nodes, self._session
        if not nodes:
            return
        field = next(field for field in kind_of(nodes[0]).fields if field.key == key)
        ids = [node.id for node in nodes]

        def edit(document: Document) -> Document:
            for id in ids:
                document = edits.set_field(document, id, key, new)
            return document

        text = message("set {field} to {value}", field=field.label, value=_words(field, new))
        if not session.edit(text, edit, gesture=self._gesture_for((key, *ids))):
            self._refresh()

    def _move_input(self, source: str, step: int) -> None:
        if len(self._nodes) == 1:
            move_input(self._session, Wire(source, self._nodes[0].id), step)

    def _gesture_for(self, what: object) -> object:
        """The same object while one field of the same nodes is being changed step by step."""
        fresh = self._gesture[0] != what or not self._clock.isValid() or self._clock.elapsed() > _TOGETHER
        self._clock.restart()
        if fresh:
            self._gesture = (what, object())
        return self._gesture[1]

    def _rename(self) -> None:
        if len(self._nodes) != 1 or (self._nodes[0].name or "") == self.name.text().strip():
            return
        node, text = self._nodes[0], self.name.text()
        self._session.edit(
            message("rename {node}", node=title(node)), lambda document: edits.rename(document, node.id, text)
        )


def flow_text(document: Document, node: Node) -> str:
    """What goes in and out of a node, and how many parameters it has."""
    known = widths(document)
    entering = [known[source] for source in document.network.sources(node.id) if source in known]
    parts = []
    if kind_of(node).inputs[1] != 0:
        parts.append(tr("takes {values}", values=_values(entering)) if entering else tr("takes nothing yet"))
    if kind_of(node).outputs:
        parts.append(tr("gives {values}", values=_values([known[node.id]])))
    units = known[node.id]
    if node.kind == "dense" and units is not None and entering and entering[0] is not None:
        weights, biases = entering[0] * units, units if value(node, "bias") is not False else 0
        said = tr("1 weight") if weights == 1 else tr("{count} weights", count=f"{weights:,}")
        if biases:
            more = tr("1 bias") if biases == 1 else tr("{count} biases", count=f"{biases:,}")
            said = tr("{weights} and {biases}", weights=said, biases=more)
        parts.append(said)
    return " · ".join(parts)


def _values(counts: Iterable[int | None]) -> Message:
    text = " + ".join("?" if count is None else str(count) for count in counts)
    return message("1 value") if text == "1" else message("{count} values", count=text)


def _words(field: Field, new: object) -> object:
    """A value as it stands in "Undo set … to …"."""
    if field.type == "choice":
        return field.choice_label(new)
    if field.type == "bool":
        return message("on") if new else message("off")
    if isinstance(new, (tuple, list)):
        return shown(", ".join(str(part) for part in new))
    return shown(new)
