"""A problem is a sentence about one node, with what mends it at one press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from playground.document.catalog import title
from playground.document.model import Document, Network
from playground.messages import Message, message

Severity = Literal["error", "warning"]
Names = Mapping[str, Message]


@dataclass(frozen=True)
class Remedy:
    """What mends a problem: `label` is the button's verb, `apply` the edit; it may raise UserError as any edit may.

    Two remedies of one label are equal: an edit is made anew at each look, and means the same.
    """

    label: Message
    apply: Callable[[Document], Document] = field(compare=False)


@dataclass(frozen=True)
class Problem:
    """Something that keeps the network from being trained ("error"), or lets it train badly ("warning").

    Attributes:
        node: the id of the node that shows it; None where it lies in the data or in the training settings.
        message: one sentence that names the nodes, the numbers and the way out.
        related: the id of the other node that the sentence names.
        remedy: an edit that mends it, where there is an obvious one.
    """

    node: str | None
    message: Message
    related: str | None = None
    remedy: Remedy | None = None
    severity: Severity = "error"


def names(network: Network) -> dict[str, Message]:
    """What each node is called in sentences: its title, and its id too where two nodes share one."""
    titles = {node.id: title(node) for node in network.nodes}
    shared = Counter(str(name) for name in titles.values())
    return {
        id: name if shared[str(name)] == 1 else message("{name} ({id})", name=name, id=id)
        for id, name in titles.items()
    }


def values(count: int) -> Message:
    """A width in words."""
    return message("1 value") if count == 1 else message("{count} values", count=count)
