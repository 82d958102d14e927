"""States that keep a network from learning, in plain words with their numbers."""

from __future__ import annotations

from playground.engine.health import UnitState
from playground.messages import Message, message
from playground.ui.translation import figure

#: More units than this are counted instead of named.
_NAMED = 4


def words_of(state: UnitState, title: str) -> Message:
    """One sentence about a state of the node that is called `title`."""
    share = figure(state.share, percent=True)
    match state.kind:
        case "dead":
            if len(state.units) == 1:
                return message(
                    "Unit {unit} is inactive on 100 % of the rows: no gradient reaches it.", unit=state.units[0] + 1
                )
            return message(
                "Units {units} are inactive on 100 % of the rows: no gradient reaches them.", units=_units(state)
            )
        case "saturated":
            if len(state.units) == 1:
                return message(
                    "Unit {unit} is saturated on {share} of the rows: its slope there is nearly 0.",
                    unit=state.units[0] + 1,
                    share=share,
                )
            return message(
                "Units {units} are saturated on {share} of the rows: their slopes there are nearly 0.",
                units=_units(state),
                share=share,
            )
        case "vanishing":
            return message(
                "The gradient has nearly vanished here: {share} of that of the layer with the largest.",
                share=f"{state.share:.0e}",
            )
        case "exploding":
            return message("The gradient explodes here: about {size} for each weight.", size=f"{state.share:.0e}")
        case "alike":
            return message(
                "All units of {layer} are alike, and stay so: each gets the same gradient. Start from random weights.",
                layer=title,
            )


def _units(state: UnitState) -> str:
    names = [str(unit + 1) for unit in state.units]
    return ", ".join(names) if len(names) <= _NAMED else f"{', '.join(names[: _NAMED - 1])} … ({len(names)})"
