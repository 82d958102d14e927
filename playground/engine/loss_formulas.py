"""Every loss as a formula over the outputs of one sample, and its slope towards each of them; see `formulas`."""

from __future__ import annotations

from playground.engine import expression as ex
from playground.engine.activation_formulas import factor, share
from playground.engine.expression import Expression, Leaf
from playground.engine.formulas import Leaves, Local, Sample
from playground.engine.losses import LOSSES
from playground.engine.ops import sigmoid, softmax
from playground.engine.program import Array, Program
from playground.engine.symbols import Place, symbol


def loss_formula(sample: Sample, leaf: Leaves | None = None) -> Expression:
    """The loss of one row, spelled out for its outputs."""
    own = leaf is None
    leaf = leaf or sample.leaf
    program = sample.program
    pairs = [(leaf((program.prediction, unit)), sample.target(unit)) for unit in range(_outputs(program))]
    if program.loss == "half_squared":
        squares = [ex.square(ex.difference(y, t)) for y, t in pairs]
        if len(squares) == 1:
            return ex.Form("½@0@", r"\tfrac{1}{2}@0@", (squares[0],), (ex.ATOM,), ex.PRODUCT, ex.PRODUCT)
        return ex.Form(
            "½(@0@)", r"\tfrac{1}{2}\left(@0@\right)", (ex.total(squares),), (ex.SUM,), ex.PRODUCT, ex.PRODUCT
        )
    if program.loss == "binary_cross_entropy":
        return ex.total([_cross_entropy(z, t) for z, t in pairs])
    if program.loss == "softmax_cross_entropy":
        shares = _shares(sample, [z for z, _ in pairs], own=own)
        logs = [ex.product(t, ex.call("ln(@0@)", r"\ln\left(@0@\right)", shares[k])) for k, (_, t) in enumerate(pairs)]
        return ex.negative(logs[0]) if len(logs) == 1 else ex.Form(
            "−(@0@)", r"{-\left(@0@\right)}", (ex.total(logs),), (ex.SUM,), ex.SUM, ex.SUM
        )  # fmt: skip
    if program.loss == "hinge":
        margins = [ex.difference(ex.ONE, ex.product(t, y)) for y, t in pairs]
        return ex.total([ex.call("max(0, @0@)", r"\max\left(0, @0@\right)", margin) for margin in margins])
    return ex.total([_huber(sample, unit, y, t, own=own) for unit, (y, t) in enumerate(pairs)])


def _shares(sample: Sample, logits: list[Expression], *, own: bool) -> list[Expression]:
    """What softmax makes of the logits: p₁, p₂ … by their values, or spelled out."""
    found = probabilities_of(sample)
    if not own or found is None or not found.all():
        # Where one is too small for a number, its logarithm is only there in terms of the logits.
        return [share(logits, unit) for unit in range(len(logits))]
    return [Leaf(symbol("p", str(unit + 1)), float(value)) for unit, value in enumerate(found)]


def _cross_entropy(z: Expression, t: Expression) -> Expression:
    """−t·ln σ(z) − (1 − t)·ln(1 − σ(z))."""
    return ex.Form(
        "−@0@·ln σ(@1@) − (1 − @2@)·ln(1 − σ(@1@))",
        r"{-@0@} \cdot \ln \sigma\left(@1@\right)"
        r" - \left(1 - @2@\right) \cdot \ln\left(1 - \sigma\left(@1@\right)\right)",
        (t, z, t),
        (ex.PRODUCT, ex.SUM, ex.QUOTIENT),
        ex.SUM,
        ex.SUM,
    )


def _huber(sample: Sample, unit: int, y: Expression, t: Expression, *, own: bool) -> Expression:
    """By the side that applies, or for any distance as H(y − t)."""
    distance = ex.difference(y, t)
    if not own:
        return ex.call("H(@0@)", r"\mathrm{H}\left(@0@\right)", distance)
    off = sample.value((sample.program.prediction, unit)) - float(sample.targets[sample.row, unit])
    if abs(off) <= 1.0:
        return ex.Form("½@0@", r"\tfrac{1}{2}@0@", (ex.square(distance),), (ex.ATOM,), ex.PRODUCT, ex.PRODUCT)
    return ex.Form("|@0@| − ½", r"\left|@0@\right| - \tfrac{1}{2}", (distance,), (ex.SUM,), ex.SUM, ex.SUM)


def loss_locals(sample: Sample, leaf: Leaves | None = None) -> tuple[Local[Place], ...]:
    """The slope of one row's own loss towards each output; the mean over a batch is not in it."""
    own = leaf is None
    leaf = leaf or sample.leaf
    program, row = sample.program, sample.row
    loss = LOSSES[program.loss]
    outputs = sample.values[program.prediction][row : row + 1]
    slopes = loss.gradient(outputs, sample.targets[row : row + 1])[0]
    places = [(program.prediction, unit) for unit in range(_outputs(program))]
    leaves = [leaf(place) for place in places]
    return tuple(
        Local(
            place, float(slopes[unit]), loss.slope_formula, _loss_slope(sample, unit, leaves, float(slopes[unit]), own)
        )
        for unit, place in enumerate(places)
    )


def _loss_slope(sample: Sample, unit: int, leaves: list[Expression], slope: float, own: bool) -> Expression:
    y, t, loss = leaves[unit], sample.target(unit), sample.program.loss
    if loss == "binary_cross_entropy":
        return ex.difference(ex.call("σ(@0@)", r"\sigma\left(@0@\right)", y), t)
    if loss == "softmax_cross_entropy":
        whole = float(sample.targets[sample.row].sum())
        return ex.difference(ex.product(factor(whole), _shares(sample, leaves, own=own)[unit]), t)
    if loss == "hinge":
        if not own:
            return ex.call("hinge′(@0@)", r"\mathrm{hinge}'\left(@0@\right)", ex.product(t, y))
        return ex.negative(t) if slope else ex.ZERO
    if loss == "huber":
        distance = ex.difference(y, t)
        if not own:
            return ex.call("H′(@0@)", r"\mathrm{H}'\left(@0@\right)", distance)
        held = abs(sample.value((sample.program.prediction, unit)) - float(sample.targets[sample.row, unit])) > 1.0
        return factor(slope) if held else distance
    return ex.difference(y, t)


def _outputs(program: Program) -> int:
    return program.widths[program.prediction]


def probabilities_of(sample: Sample) -> Array | None:
    """What the loss makes of logits, [outputs]: σ or softmax of them; None where it takes outputs as they are."""
    outputs = sample.values[sample.program.prediction][sample.row : sample.row + 1]
    if not LOSSES[sample.program.loss].logits:
        return None
    found: Array = (sigmoid if sample.program.loss == "binary_cross_entropy" else softmax)(outputs)[0]
    return found
