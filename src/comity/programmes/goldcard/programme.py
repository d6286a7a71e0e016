"""The Gold Card check as casework sees it: findings, the criteria met, the fee; the authority decides the card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from comity.casework.decision import Assumption, Provenance
from comity.casework.programme import Assessment, Candidate
from comity.casework.world import World
from comity.programmes.goldcard.application import GoldCardApplication
from comity.rules.evaluate import evaluate
from comity.rules.fact import Evidence
from comity.rules.finding import Finding, Outcome
from comity.rules.pack import RulePack
from comity.rules.text import Text

CRITERIA = ("GC-D1", "GC-D2", "GC-D3", "GC-D4")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: whether it is met and proved (``None``: not known), in words."""

    id: str
    title: Text
    met: bool | None
    text: Text
    proof: Finding | None


class GoldCard:
    """The digital field of the Employment Gold Card."""

    id = "goldcard"
    schema = GoldCardApplication
    unrecorded_fields = ("name",)

    def assess(self, application: GoldCardApplication, world: World) -> Assessment:
        """Apply the rule pack; the award names the criteria met and the fee."""
        pack = cast(RulePack, world.pack(application.regime))
        found = findings_of(application, world)
        binding = tuple(f for f in found if f.rule not in CRITERIA)
        criteria = criteria_of(found, pack)
        met = [c.id for c in criteria if c.met]
        return Assessment(
            findings=binding,
            award={
                "criteria_met": cast(JsonValue, met),
                "criteria_proved": [
                    c.id for c in criteria if c.met and c.proof and c.proof.outcome is Outcome.PASS
                ],
                "fee_twd": fee_twd(application, pack, world),
                "fee_complete": application.route != "special_visa",
            },
            provenance=Provenance(
                {pack.id: {"revision": str(pack.revision), "sha256": pack.sha256}}, {}, {}, ""
            ),
            reasons=tuple(Text(f"{c.id}: {c.text.en}", f"{c.id}：{c.text.zh}") for c in criteria),
            assumptions=_assumptions(binding, pack, world),
        )

    def candidates(
        self, application: GoldCardApplication, world: World, assessment: Assessment
    ) -> Iterable[Candidate]:
        """Offer nothing: a person cannot be changed by a proposal."""
        return ()

    def recorded_world(self, world: World, provenance: Mapping[str, JsonValue]) -> World:
        """Return the world as it is; a pack of another revision shows in the comparison."""
        return world


PROGRAMME = GoldCard()


def findings_of(application: GoldCardApplication, world: World) -> list[Finding]:
    """Return every rule's answer, the four criteria included."""
    pack = cast(RulePack, world.pack(application.regime))
    return evaluate(
        pack, application.model_dump(exclude={"name"}), derived(application, pack, world), world.today
    )


def check_criteria(application: GoldCardApplication, world: World) -> tuple[Criterion, ...]:
    """Return the four criteria for one person."""
    return criteria_of(findings_of(application, world), cast(RulePack, world.pack(application.regime)))


def derived(application: GoldCardApplication, pack: RulePack, world: World) -> dict[str, float | int | None]:
    """Return the values that the rules read: best average monthly pay [TWD] and the university's best rank."""
    ranks = application.phd.ranks
    known = [r for r in (ranks.qs, ranks.the, ranks.usnews) if r is not None]
    return {
        "best_monthly_pay_twd": _best_monthly_pay_twd(application, pack, world),
        "best_rank": min(known) if known else None,
    }


def _best_monthly_pay_twd(application: GoldCardApplication, pack: RulePack, world: World) -> float | None:
    """Return the best average monthly pay [TWD] in the three years before the month of application.

    ``None`` where it is not known: nothing is stated for these years, or what is known falls short and a year that
    lies partly in them is stated without its months.
    """
    lookback = int(pack.number("criteria.pay_lookback_years", on=world.today))
    end = _month(application.received_on.year, application.received_on.month)
    counted: list[float] = []
    in_doubt = False
    for pay in application.pay:
        # without its first month, pay may be of any month of its year
        first = _month(pay.year, pay.first_month or 1)
        after = first + pay.months if pay.first_month else _month(pay.year + 1, 1)
        if end - 12 * lookback <= first and after <= end:
            counted.append(pay.total_twd / pay.months)
        elif first < end and after > end - 12 * lookback:
            in_doubt = True
    best = round(max(counted), 2) if counted else None
    asked = pack.number("criteria.monthly_pay_twd", on=world.today)
    return None if in_doubt and (best is None or best < asked) else best


def _month(year: int, month: int) -> int:
    return 12 * year + month - 1


def criteria_of(findings: Iterable[Finding], pack: RulePack) -> tuple[Criterion, ...]:
    """Return the four criteria with what became of each."""
    by_rule = {f.rule: f for f in findings}
    criteria = []
    for rule_id in CRITERIA:
        found = by_rule[rule_id]
        met = True if found.outcome is Outcome.PASS else None if "missing" in found.details else False
        proof = by_rule.get(rule_id.replace("D", "P")) if met else None
        criteria.append(Criterion(rule_id, pack.rule(rule_id).title, met, found.text, proof))
    return tuple(criteria)


def fee_twd(application: GoldCardApplication, pack: RulePack, world: World) -> int:
    """Return the fee of the route and the years asked for [TWD]; for ``special_visa`` without that visa fee."""
    table = pack.value(f"fees.{application.route}", on=world.today)
    assert isinstance(table, tuple)
    return cast(int, table[application.card_years - 1])


def _assumptions(findings: tuple[Finding, ...], pack: RulePack, world: World) -> tuple[Assumption, ...]:
    names = sorted({name for f in findings for name in f.assumptions})
    found = []
    for name in names:
        formula = pack.formula(name, world.today)
        dated = formula.dated if formula is not None else pack.rule(name).dated
        title = formula.title if formula is not None else pack.rule(name).title
        found.append(Assumption(name, title.en, "1", dated.citation, Evidence.ASSUMPTION))
    return tuple(found)
