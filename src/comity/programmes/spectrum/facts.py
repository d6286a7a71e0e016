"""The facts of one rule pack on one day, and what a result that rests on them must say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from comity.casework.canonical import normalise
from comity.casework.decision import Assumption
from comity.rules.fact import Evidence, Fact, FactValue
from comity.rules.pack import RulePack
from comity.terrain.cover import cover_facts

#: Facts that every path loss rests on, and those of single models.
_EVERY_PATH = (
    "coordination.frequency_mhz",
    "coordination.building_entry_percent",
    "coordination.free_space_below_km",
)
_COVER = tuple(fact.id for fact in cover_facts() if fact.value)
_MODEL = (
    "coordination.profile_spacing_m",
    "coordination.clutter",
    *_COVER,
    "coordination.dn_n_units_per_km",
    "coordination.n0_n_units",
)
_BY_MODEL = {
    "p1812": ("coordination.mobile_model", "coordination.location_percent", *_MODEL),
    "p452": (
        "coordination.protected_model",
        "coordination.pressure_hpa",
        "coordination.temperature_c",
        *_MODEL,
    ),
}
#: Facts of the ground that no pack holds: representative clutter heights.
_GROUND = {fact.id: fact for fact in cover_facts()}


@dataclass(frozen=True)
class FactBook:
    """Reads facts of ``pack`` as they hold on ``on``.

    ``also`` are ids of further facts that every path loss of this case rests on.
    """

    pack: RulePack
    on: date
    also: tuple[str, ...] = ()

    def find(self, fact_id: str) -> Fact | None:
        """Return the fact, or ``None`` where the pack has none in force."""
        return self.pack.find_fact(fact_id, self.on) or _GROUND.get(fact_id)

    def value(self, fact_id: str) -> FactValue | None:
        """Return the value, ``None`` where there is none or it is pending."""
        fact = self.find(fact_id)
        return None if fact is None else fact.value

    def number(self, fact_id: str, default: float) -> float:
        """Return the value as a float, ``default`` where the pack says nothing."""
        value = self.value(fact_id)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default

    def text(self, fact_id: str, default: str) -> str:
        """Return the value as text, ``default`` where the pack says nothing."""
        value = self.value(fact_id)
        return value if isinstance(value, str) else default

    def rows(self, fact_id: str) -> tuple[tuple[FactValue, ...], ...]:
        """Return a table fact's rows; an absent one has none."""
        value = self.value(fact_id)
        return tuple(r for r in value if isinstance(r, tuple)) if isinstance(value, tuple) else ()

    def texts(self, fact_id: str) -> tuple[str, ...]:
        """Return a list fact's words; an absent one has none."""
        value = self.value(fact_id)
        return tuple(str(v) for v in value) if isinstance(value, tuple) else ()

    def known(self, fact_ids: Iterable[str]) -> tuple[Fact, ...]:
        """Return the facts among ``fact_ids`` that the pack has, each once, in order."""
        found = (self.find(fact_id) for fact_id in dict.fromkeys(fact_ids))
        return tuple(fact for fact in found if fact is not None)

    def citation(self, fact_ids: Iterable[str]) -> str:
        """Return the citations of facts, each once."""
        return "; ".join(dict.fromkeys(fact.citation for fact in self.known(fact_ids)))

    def evidence(self, fact_ids: Iterable[str]) -> Evidence:
        """Return the weakest evidence among facts."""
        grades = [fact.evidence for fact in self.known(fact_ids)]
        return max(grades, key=lambda grade: grade.rank, default=Evidence.ASSUMPTION)

    def doubtful(self, fact_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of those facts that are assumptions or pending, sorted."""
        return tuple(sorted({fact.id for fact in self.known(fact_ids) if fact.evidence.is_doubtful}))

    def ids_of_path(self, model: str) -> tuple[str, ...]:
        """Return the ids of the facts that a path loss by ``model`` rests on."""
        return (*_EVERY_PATH, *self.also, *_BY_MODEL.get(model, ()))

    def assumptions(self, ids: Iterable[str]) -> tuple[Assumption, ...]:
        """Return what a decision lists for the assumptions that its findings name: facts, formulas, rules."""
        return tuple(self._assumption(name) for name in sorted(set(ids)))

    def _assumption(self, name: str) -> Assumption:
        fact = self.find(name)
        if fact is not None:
            value = normalise(fact.value)
            return Assumption(fact.id, value, fact.unit, fact.citation, fact.evidence, fact.note)
        formula = self.pack.formula(name, self.on)
        if formula is not None:
            source = formula.expression.source
            return Assumption(name, source, formula.unit, formula.dated.citation, formula.dated.evidence)
        rule = self.pack.rule(name)
        return Assumption(name, rule.title.en, "1", rule.dated.citation, rule.dated.evidence)
