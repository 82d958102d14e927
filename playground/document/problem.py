"""A problem is a sentence about one node, with what mends it at one press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from playground.document.catalog import title
from playground.document.model import Document, Network, Node
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


class _Names(Names):
    """Worked out at the first question: a network without problems needs none."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @cached_property
    def _known(self) -> dict[str, Message]:
        titles = {node.id: title(node) for node in self._network.nodes}
        spoken = {node.id: _spoken(node) for node in self._network.nodes}
        shared = Counter(spoken.values())
        return {
            id: name if shared[spoken[id]] == 1 else message("{name} ({id})", name=name, id=id)
            for id, name in titles.items()
        }

    def __getitem__(self, id: str) -> Message:
        return self._known[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _spoken(node: Node) -> str:
    """The title in English, by which two are told apart."""
    spoken: str | None = node.known.get("spoken")
    if spoken is None:
        spoken = node.known["spoken"] = str(title(node))
    return spoken


def names(network: Network) -> Names:
    """What each node is called in sentences: its title, and its id too where two nodes share one."""
    return _Names(network)


def values(count: int) -> Message:
    """A width in words."""
    return message("1 value") if count == 1 else message("{count} values", count=count)
