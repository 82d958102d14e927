"""Problems of widths and of what the loss expects: the numbers of two nodes that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from playground.data.table import Table
from playground.document import edits
from playground.document.catalog import field_of, value
from playground.document.check_path import removal
from playground.document.model import Document, Network, Node, Wire
from playground.document.problem import Names, Problem, Remedy, values
from playground.document.shapes import node_widths, nodes_of, sources_of, trained
from playground.engine.losses import LOSSES
from playground.messages import Message, message

#: Activations that turn logits into probabilities, as the cross-entropies do by themselves.
_SQUASHING = ("sigmoid", "softmax")
#: Activations that never go below 0.
_ONE_SIDED = ("relu", "sigmoid", "softplus", "softmax")
#: Losses that need classes.
_FOR_CLASSES = ("binary_cross_entropy", "softmax_cross_entropy", "hinge")


def loss_of(network: Network) -> Node | None:
    """The one loss of the network; None where there is none or more."""
    losses = [node for node in network.nodes if node.kind == "loss"]
    return losses[0] if len(losses) == 1 else None


def expected_outputs(document: Document, table: Table) -> int | None:
    """How many values the loss expects for these data; None where loss and data do not go together, or no loss is.

    One for a value or for two classes, one for each class otherwise; softmax cross-entropy always one for each class.
    """
    loss = loss_of(document.network)
    function = value(loss, "function") if loss is not None else None
    if function not in LOSSES:
        return None
    if table.task == "regression":
        return None if function in _FOR_CLASSES else 1
    if function == "binary_cross_entropy":
        return 1 if len(table.classes) == 2 else None
    if function == "softmax_cross_entropy":
        return len(table.classes)
    return 1 if len(table.classes) <= 2 else len(table.classes)


def shape_problems(document: Document, table: Table | None, called: Names) -> Iterator[Problem]:
    """Everything that does not fit in width, or between the loss and what feeds it."""
    network = document.network
    sources, widths = sources_of(network), node_widths(network)
    nodes = nodes_of(network)
    for id in trained(network):
        if nodes[id].kind in ("add", "multiply"):
            yield from _unequal(network, id, sources, widths, called)
    loss = loss_of(network)
    if loss is None:
        return
    if table is not None:
        yield from _task(loss, table, called)
    if len(sources[loss.id]) != 1:
        return
    unfit = list(_outputs(document, table, loss.id, sources, widths, called)) if table is not None else []
    yield from unfit or _nothing_to_train(network, loss.id, sources, called)
    yield from _squashed(loss, nodes, sources, called)
    yield from _dropped(loss, nodes, sources, called)
    if table is not None and len(table.classes) == 2:
        yield from _one_sided(loss, table, nodes, sources, called)


def layer_before(network: Network, id: str, sources: Mapping[str, Sequence[str]]) -> str | None:
    """The dense node that decides the width of what node `id` gives: itself, or the one before its curves."""
    nodes = nodes_of(network)
    seen: set[str] = set()
    while id not in seen:
        seen.add(id)
        if nodes[id].kind == "dense":
            return id
        if nodes[id].kind not in ("activation", "dropout") or len(sources[id]) != 1:
            return None
        id = sources[id][0]
    return None


def _resize(network: Network, source: str, target: str, width: int, called: Names) -> tuple[Message, Remedy]:
    """How `source` comes to give `target` that many values: as a sentence, and as an edit."""
    layer = layer_before(network, source, sources_of(network))
    if layer is None:

        def insert(document: Document) -> Document:
            id = edits.fresh_id(document, "dense")
            return edits.insert_on_wire(document, Wire(source, target), id, "dense", units=width)

        between = (called[source], called[target])
        return (
            message(
                "Put Dense {units} between {source} and {target}.", units=width, source=between[0], target=between[1]
            ),
            Remedy(message("Insert Dense {units}", units=width), insert),
        )
    plain = layer == source and nodes_of(network)[layer].name is None
    name = message("Dense") if plain else called[layer]
    return (
        message("Set {layer} to {units}.", layer=name, units=width),
        Remedy(
            message("Set {layer} to {units}", layer=name, units=width),
            lambda document: edits.set_field(document, layer, "units", width),
        ),
    )


def _unequal(
    network: Network, id: str, sources: Mapping[str, Sequence[str]], widths: Mapping[str, int | None], called: Names
) -> Iterator[Problem]:
    known = [(source, width) for source in sources[id] if (width := widths[source]) is not None]
    if not known:
        return
    first, wanted = known[0]
    for other, width in known[1:]:
        if width == wanted:
            continue
        settable = layer_before(network, other, sources) or not layer_before(network, first, sources)
        advice, remedy = (
            _resize(network, other, id, wanted, called) if settable else _resize(network, first, id, width, called)
        )
        text = message(
            "{first} gives {values}, {other} gives {others}, and {node} needs them equal. {advice}",
            first=called[first],
            values=values(wanted),
            other=called[other],
            others=message("{count}", count=width),
            node=called[id],
            advice=advice,
        )
        yield Problem(id, text, other, remedy)


def _task(loss: Node, table: Table, called: Names) -> Iterator[Problem]:
    """The loss against the kind of target."""
    function = value(loss, "function")
    label = field_of(loss, "function").choice_label(function)
    if table.task == "regression" and function in _FOR_CLASSES:
        text = message(
            "{loss} is {function}, which needs classes, but “{target}” is a number. Use half squared error.",
            loss=called[loss.id],
            function=label,
            target=table.target,
        )
        yield Problem(loss.id, text, remedy=_use(loss.id, "half_squared", message("Use half squared error")))
    if table.task != "regression" and function == "binary_cross_entropy" and len(table.classes) > 2:
        text = message(
            "{loss} is {function}, which tells 2 classes apart, and the data have {count}. Use softmax cross-entropy.",
            loss=called[loss.id],
            function=label,
            count=len(table.classes),
        )
        remedy = _use(loss.id, "softmax_cross_entropy", message("Use softmax cross-entropy"))
        yield Problem(loss.id, text, remedy=remedy)


def _use(id: str, function: str, label: Message) -> Remedy:
    return Remedy(label, partial(edits.set_field, id=id, key="function", value=function))


def _outputs(
    document: Document,
    table: Table,
    loss: str,
    sources: Mapping[str, Sequence[str]],
    widths: Mapping[str, int | None],
    called: Names,
) -> Iterator[Problem]:
    (last,) = sources[loss]
    width, wanted = widths[last], expected_outputs(document, table)
    if width is None or wanted is None or width == wanted or (table.task != "regression" and len(table.classes) < 2):
        return
    advice, remedy = _resize(document.network, last, loss, wanted, called)
    text = message(
        "{node} gives {values}, {loss} expects {expected}. {advice}",
        node=called[last],
        values=values(width),
        loss=called[loss],
        expected=wanted,
        advice=advice,
    )
    yield Problem(last, text, loss, remedy)


def _squashed(
    loss: Node, nodes: Mapping[str, Node], sources: Mapping[str, Sequence[str]], called: Names
) -> Iterator[Problem]:
    """A sigmoid or softmax before a loss that applies its own; one that is switched off does no harm."""
    function = value(loss, "function")
    if function not in LOSSES or not LOSSES[function].logits:
        return
    id = _last_curve(loss, nodes, sources)
    if id is None or value(nodes[id], "function") not in _SQUASHING:
        return
    text = message(
        "{loss} is {function}, which takes logits and applies its own {inner}: {node} before it would come twice. "
        "Remove {node}.",
        loss=called[loss.id],
        function=field_of(loss, "function").choice_label(function),
        inner=message("sigmoid") if function == "binary_cross_entropy" else message("softmax"),
        node=called[id],
    )
    yield Problem(id, text, loss.id, removal(id, called))


def _one_sided(
    loss: Node, table: Table, nodes: Mapping[str, Node], sources: Mapping[str, Sequence[str]], called: Names
) -> Iterator[Problem]:
    """An output that never goes below 0 before a hinge, which tells two classes apart by their sign."""
    id = _last_curve(loss, nodes, sources)
    if value(loss, "function") != "hinge" or id is None or value(nodes[id], "function") not in _ONE_SIDED:
        return
    text = message(
        "{loss} is {function}, whose targets are −1 and +1, and {node} never goes below 0: “{negative}” is out of "
        "reach. Remove {node}.",
        loss=called[loss.id],
        function=field_of(loss, "function").choice_label("hinge"),
        node=called[id],
        negative=table.classes[0],
    )
    yield Problem(id, text, loss.id, removal(id, called), "warning")


def _last_curve(loss: Node, nodes: Mapping[str, Node], sources: Mapping[str, Sequence[str]]) -> str | None:
    """The activation that shapes what the loss takes, those that pass values through left out; None where none is."""
    id, seen = sources[loss.id][0], {loss.id}
    while id not in seen and len(sources[id]) == 1 and _straight(nodes[id]):
        seen.add(id)
        id = sources[id][0]
    return id if nodes[id].kind == "activation" and not _straight(nodes[id]) else None


def _dropped(
    loss: Node, nodes: Mapping[str, Node], sources: Mapping[str, Sequence[str]], called: Names
) -> Iterator[Problem]:
    """A dropout among the outputs: the loss would be told that the network had answered 0."""
    id, seen = sources[loss.id][0], {loss.id}
    while id not in seen and len(sources[id]) == 1 and nodes[id].kind == "activation":
        seen.add(id)
        id = sources[id][0]
    if nodes[id].kind != "dropout" or value(nodes[id], "rate") == 0.0:
        return
    text = message(
        "{node} leaves out whole answers on their way to {loss}. Put it before the last layer, or remove it.",
        node=called[id],
        loss=called[loss.id],
    )
    yield Problem(id, text, loss.id, removal(id, called), "warning")


def _straight(node: Node) -> bool:
    """Whether a node passes values through, in training at most thinned out."""
    if node.kind != "activation":
        return node.kind == "dropout"
    return value(node, "function") == "identity" or value(node, "enabled") is False


def _nothing_to_train(
    network: Network, loss: str, sources: Mapping[str, Sequence[str]], called: Names
) -> Iterator[Problem]:
    used = trained(network)
    nodes = nodes_of(network)
    inputs = [id for id in used if nodes[id].kind == "input"]
    if len(inputs) != 1 or any(nodes[id].kind == "dense" for id in used):
        return
    (last,) = sources[loss]
    text = message(
        "There is nothing to train between {input} and {loss}. Add a Dense layer.",
        input=called[inputs[0]],
        loss=called[loss],
    )
    yield Problem(loss, text, inputs[0], _resize(network, last, loss, 1, called)[1])
