"""How long one formula for everything would be: counted layer by layer, without writing it or building it.

The counts are exact however large they get; they cost no more than a pass, so that they are there at once.
"""

from __future__ import annotations

from collections import Counter

from playground.engine import expression as ex
from playground.engine.derivation import Derivation
from playground.engine.expression import Expression, Leaf
from playground.engine.formulas import Sample, forward, own_slopes, taken, towards
from playground.engine.loss_formulas import loss_formula, loss_locals
from playground.engine.program import Instruction
from playground.engine.symbols import Place


class FormulaSize:
    """The symbols in the formula of L and in its derivative by one number, with everything put into everything."""

    def __init__(self, derivation: Derivation) -> None:
        self._derivation = derivation
        self._sample: Sample = derivation.sample
        program = self._sample.program
        buffers = (program.input, *(one.output for one in program.instructions))
        places = [(name, unit) for name in buffers for unit in range(program.widths[name])]
        # A leaf stands for everything that would be put in at its place.
        self._leaves: dict[Place, Leaf] = {place: _mark() for place in places}
        self._places = {id(leaf): place for place, leaf in self._leaves.items()}
        self._sizes: dict[Place, int] = {place: 1 for place in places if place[0] == program.input}
        for one in program.instructions:
            for unit in range(program.widths[one.output]):
                self._sizes[one.output, unit] = self._put_in(one, unit)

    def of_loss(self) -> int:
        """The symbols in the formula of L."""
        return self._count(loss_formula(self._sample, self._leaf))

    def growth(self) -> tuple[tuple[str, int], ...]:
        """After each layer put in, from the loss back: its node, and how many symbols the formula of L then has."""
        program, found = self._sample.program, []
        open_places, closed = self._parts(loss_formula(self._sample, self._leaf))
        for one in reversed(program.instructions):
            for unit in range(program.widths[one.output]):
                times = open_places.pop((one.output, unit), 0)
                if times:
                    inner, own = self._made_of(one, unit)
                    closed += times * own
                    for place, count in inner.items():
                        open_places[place] += times * count
            found.append((one.node, closed + open_places.total()))
        return tuple(found)

    def of_derivative(self) -> int:
        """The symbols in the derivative."""
        derivation, program = self._derivation, self._sample.program
        own, behind = (derivation.owner.output, derivation.unit), derivation.behind
        arriving: Counter[Place] = Counter()
        reached = set[Place]()
        for local in loss_locals(self._sample, self._leaf):
            arriving[local.bottom] += self._count(local.formula)
            reached.add(local.bottom)
        for one in reversed(program.instructions):
            if one.output not in behind or one is derivation.owner:
                continue
            tops = [(one.output, unit) for unit in range(program.widths[one.output]) if (one.output, unit) in reached]
            if one.op == "dense":
                # Every unit passes what arrived there to every input, times one weight.
                passed = sum(arriving[top] + 1 for top in tops)
                below = [(one.inputs[0], unit) for unit in range(program.widths[one.inputs[0]]) if tops]
                arriving.update(dict.fromkeys((place for place in below if place[0] in behind), passed))
                reached.update(below)
                continue
            for top in tops:
                for local in towards(self._sample, one, top[1], leaf=self._leaf):
                    if local.bottom[0] in behind:
                        arriving[local.bottom] += arriving[top] + self._count(local.formula)
                        reached.add(local.bottom)
        if own not in reached:
            return 0
        slopes = own_slopes(self._sample, derivation.owner, own[1], self._leaf)
        slope = next(one for one in slopes if one.bottom == derivation.number)
        return arriving[own] + self._count(slope.formula)

    def _leaf(self, place: Place) -> Expression:
        return self._leaves[place]

    def _made_of(self, one: Instruction, unit: int) -> tuple[Counter[Place], int]:
        """How often a unit's formula has each unit of its inputs in it, and how many symbols of its own."""
        if one.op == "dense":
            inputs = Counter(taken(self._sample.program, one, unit))
            return inputs, inputs.total() + len(one.parameters) - 1
        return self._parts(forward(self._sample, one, unit, self._leaf))

    def _put_in(self, one: Instruction, unit: int) -> int:
        if one.op == "dense" and unit:
            return self._sizes[one.output, 0]
        return self._total(*self._made_of(one, unit))

    def _count(self, formula: Expression) -> int:
        return self._total(*self._parts(formula))

    def _total(self, units: Counter[Place], others: int) -> int:
        return others + sum(count * self._sizes[place] for place, count in units.items())

    def _parts(self, formula: Expression) -> tuple[Counter[Place], int]:
        """How often each unit stands in a formula, and how many other symbols there are."""
        units: Counter[Place] = Counter()
        others = 0
        for leaf, count in ex.leaves_in(formula).items():
            place = self._places.get(leaf)
            if place is None:
                others += count
            else:
                units[place] += count
        return units, others


def _mark() -> Leaf:
    return Leaf(ex.Symbol("", ""), 0.0)
