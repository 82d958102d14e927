"""What can be asked of a derivation, each with the numbers that the well-known mistakes lead to; see `ask`."""

from __future__ import annotations

from collections.abc import Iterator

from playground.engine.ask import Question, Reason, Suspect, question
from playground.engine.derivation import Derivation, Factor, Path, place_of
from playground.engine.details import LOSS, slope_symbol
from playground.engine.formulas import towards
from playground.engine.mistakes import already_new, halves, not_averaged, one_side, the_other_factor, too_late, turned
from playground.messages import message


def about_factor(derivation: Derivation, factor: Factor) -> Question:
    """What one factor of a chain is."""
    done, sample = derivation.done, derivation.sample
    suspects = [turned(factor.value)]
    if factor.top is None:
        suspects += halves(done.program, factor.value)
        suspects.append(
            Suspect(Reason.VALUE_FOR_SLOPE, sample.loss, message("That is the loss itself; asked is its slope."))
        )
    else:
        top = sample.value(factor.top)
        suspects.append(Suspect(Reason.VALUE_FOR_SLOPE, top, message("That is the value there; asked is its slope.")))
        one = next(one for one in done.program.instructions if one.output == factor.top[0])
        if one.op == "dense":
            suspects += the_other_factor(sample, factor.bottom, one)
    return question(factor.symbol.text, factor.value, suspects)


def about_gradient(derivation: Derivation) -> Question:
    """What ∂L/∂(the number) is: the mean over the rows, the penalty apart."""
    right, rows = derivation.gradient, derivation.rows
    own = (derivation.owner.output, derivation.unit)
    suspects = [turned(right)]
    if rows == 1:
        suspects += one_side(derivation.gradient_at(own), derivation.last.value)
        suspects += _other_ways(derivation)
    else:
        suspects.append(not_averaged(right, rows))
    changed = float(too_late(derivation.done)[place_of(derivation.done.program, derivation.number)])
    suspects.append(Suspect(Reason.CHANGED_WEIGHT, changed, already_new()))
    return question(
        slope_symbol(LOSS, derivation.symbol).text, right, [*suspects, *halves(derivation.done.program, right)]
    )


def about_row(derivation: Derivation) -> Question:
    """What ∂L/∂(the number) is for the derivation's row alone."""
    right, own = derivation.value, (derivation.owner.output, derivation.unit)
    suspects = [turned(right), *one_side(derivation.gradient_at(own), derivation.last.value)]
    asked = slope_symbol(LOSS, derivation.symbol).text
    return question(asked, right, [*suspects, *_other_ways(derivation), *halves(derivation.done.program, right)])


def about_path(path: Path) -> Question:
    """What the factors of one path multiply to."""
    suspects = [turned(path.value), *_factors_missing(path)]
    return question(" · ".join(factor.symbol.text for factor in path.factors), path.value, suspects)


def _other_ways(derivation: Derivation) -> Iterator[Suspect]:
    """A way that does not lead here, a factor left out, one path where there are several."""
    right, sample, owner = derivation.value, derivation.sample, derivation.owner
    if owner.op == "dense" and owner.inputs != (sample.program.input,):
        for local in towards(sample, owner, derivation.unit):
            skipped = sample.symbols.name(owner.inputs[0])
            many = message("A factor too many: the way to {number} does not lead through {node}.",
                           number=derivation.symbol.text, node=skipped)  # fmt: skip
            yield Suspect(Reason.PATH_TOO_MANY, right * local.slope, many)
    for path in derivation.paths if len(derivation.paths) > 1 else ():
        told = message("That is one path alone: add all {count} of them.", count=len(derivation.paths))
        yield Suspect(Reason.PATH_MISSING, path.value, told)
    if len(derivation.paths) == 1:
        yield from _factors_missing(derivation.paths[0])


def _factors_missing(path: Path) -> Iterator[Suspect]:
    for factor in path.factors:
        if factor.value:
            told = message("The factor {factor} is missing.", factor=factor.symbol.text)
            yield Suspect(Reason.FACTOR_MISSING, path.value / factor.value, told)
