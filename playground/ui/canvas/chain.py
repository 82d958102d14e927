"""How large a network is, in words: the widths of its layers along the longest chain, and its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from playground.document.catalog import value
from playground.document.model import Network
from playground.document.shapes import Neighbours, Same, node_widths, nodes_of, order, sources_of
from playground.ui.translation import tr

#: As many layers are named; of a longer chain the first ones and the last ones.
_MOST, _FIRST, _LAST = 8, 4, 3


@dataclass(frozen=True)
class Chain:
    """Widths along the longest chain, "?" where one is not known, and the number of all parameters."""

    widths: tuple[str, ...] = ()
    parameters: int = 0

    def words(self) -> tuple[str, ...]:
        """Such as "2 → 4 → 1" and "17 parameters"; a single card has values and no parameters; nothing has no words."""
        if not self.widths:
            return ()
        if len(self.widths) == 1:
            first = tr("1 value") if self.widths[0] == "1" else tr("{count} values", count=self.widths[0])
        else:
            steps = self.widths
            first = " → ".join(steps if len(steps) <= _MOST else (*steps[:_FIRST], "…", *steps[-_LAST:]))
        if not self.parameters:
            return (first,)
        count = f"{self.parameters:,}"
        return first, tr("1 parameter") if self.parameters == 1 else tr("{count} parameters", count=count)


def chain_of(network: Network) -> Chain:
    """The chain of a network. Only widths that a layer changes are named: an activation passes on as many as it takes.

    It is worked out once for all who ask about the same network one after the other.
    """
    return _chain(Same(network))


@lru_cache(maxsize=2)
def _chain(key: Same) -> Chain:
    network = key.network
    widths, sources = node_widths(network), sources_of(network)
    nodes = nodes_of(network)
    parameters = 0
    for node in network.nodes:
        if node.kind != "dense" or not sources[node.id]:
            continue
        width, fed = widths[node.id], widths[sources[node.id][0]]
        if width is not None and fed is not None:
            parameters += fed * width + (width if value(node, "bias") is True else 0)
    named = [widths[id] for id in _longest(network, sources) if nodes[id].kind in ("input", "dense", "concat")]
    return Chain(tuple("?" if width is None else str(width) for width in named), parameters)


def _longest(network: Network, sources: Neighbours) -> list[str]:
    """The longest path to the loss (or to any end), by ids; nodes on a cycle are left out."""
    length: dict[str, int] = {}
    back: dict[str, str] = {}
    for id in order(network):
        # Each comes after all of its sources.
        feeding = sources[id]
        if not feeding:
            length[id] = 1
            continue
        best = feeding[0] if len(feeding) == 1 else max(feeding, key=length.__getitem__)
        length[id], back[id] = length[best] + 1, best
    if not length:
        return []
    losses = [node.id for node in network.nodes if node.kind == "loss" and node.id in length]
    at = max(losses or length, key=length.__getitem__)
    path = [at]
    while at in back:
        at = back[at]
        path.append(at)
    return path[::-1]
