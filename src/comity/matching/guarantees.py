"""What each mechanism guarantees, and nothing more: explanations and the verifier claim only this.

References
----------
D. Gale, L. Shapley, "College Admissions and the Stability of Marriage", American Mathematical Monthly 69 (1962).
A. Roth, "The Economics of Matching: Stability and Incentives", Mathematics of Operations Research 7 (1982).
D. Gusfield, R. Irving, "The Stable Marriage Problem: Structure and Algorithms", MIT Press (1989), section 1.6.
S. Kominers, T. Sonmez, "Matching with slot-specific priorities", Theoretical Economics 11 (2016).
Y. Kamada, F. Kojima, "Efficient Matching under Distributional Constraints", American Economic Review 105 (2015).
U. Dur, M. U. Unver, "Two-Sided Matching via Balanced Exchange", Journal of Political Economy 127 (2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from comity.rules.text import Text


class Guarantee(StrEnum):
    """One property that a mechanism has on every input.

    ``feasible``  only mutually listed pairs, no host above its seats or caps
    ``stable``  no student and host would both rather have each other than what they got
    ``weakly_stable``  the same where hosts rank with ties: a tie alone is no ground for a claim
    ``stable_under_choice``  no host that a student prefers would, by its published seat rules, want her
    ``student_optimal``  every student does at least as well as in any other stable matching
    ``student_optimal_after_draw``  the same, among the matchings that are stable once the lottery has broken the ties
    ``host_optimal_after_draw``  best for hosts, with the order of the lottery taken for theirs
    ``as_published``  the one result that the published procedure gives with these lists, or that was adopted
    ``host_optimal``  every host does at least as well as in any other stable matching
    ``strategy_proof_for_students``  no student gains by stating anything but her true order
    ``rural_hospitals``  the same students placed and the same seats filled in every stable matching
    ``maximum_size``  no weakly stable matching places more students (when the proof is complete)
    ``fewest_blocking``  no matching has fewer blocking students and couples' choices (when the proof is complete)
    ``balanced``  every country receives exactly as many people as it sends
    ``efficient_when_balanced``  no other balanced matching is better for one student and worse for none
    """

    FEASIBLE = "feasible"
    STABLE = "stable"
    WEAKLY_STABLE = "weakly_stable"
    STABLE_UNDER_CHOICE = "stable_under_choice"
    STUDENT_OPTIMAL = "student_optimal"
    HOST_OPTIMAL = "host_optimal"
    STUDENT_OPTIMAL_DRAWN = "student_optimal_after_draw"
    HOST_OPTIMAL_DRAWN = "host_optimal_after_draw"
    AS_PUBLISHED = "as_published"
    STRATEGY_PROOF = "strategy_proof_for_students"
    RURAL_HOSPITALS = "rural_hospitals"
    MAXIMUM_SIZE = "maximum_size"
    FEWEST_BLOCKING = "fewest_blocking"
    BALANCED = "balanced"
    EFFICIENT_WHEN_BALANCED = "efficient_when_balanced"


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A way to match, what it guarantees and what it does not.

    Parameters
    ----------
    id : stable name used in files
    name : for people
    guarantees : exactly what may be claimed for its results
    advice : one sentence for the form on which students state their order
    for_decisions : ``False`` for counter-examples, which exist to show why they are not used
    """

    id: str
    name: Text
    guarantees: frozenset[Guarantee]
    advice: Text
    for_decisions: bool = True

    def claims(self, guarantee: Guarantee) -> bool:
        """Whether the mechanism guarantees ``guarantee``."""
        return guarantee in self.guarantees

    @property
    def decided_by_cutoffs(self) -> bool:
        """Whether a student's result is the first host of her list whose cut-off she reached.

        So it is where a matching is stable for strict rankings; seat rules, balance, couples and ties left standing
        give results that cut-offs alone do not show.
        """
        return bool(
            self.guarantees
            & {Guarantee.STABLE, Guarantee.STUDENT_OPTIMAL_DRAWN, Guarantee.HOST_OPTIMAL_DRAWN}
        )


G = Guarantee
_TRUE_ORDER = Text(
    "List every place you would accept in your true order of preference: no other order can bring you a better place.",
    "請依真實意願排列所有願意接受的單位：任何其他排法都不會讓您得到更好的結果。",
)
_NOT_PROOF = Text(
    "This mechanism does not guarantee that your true order is always your best answer.",
    "本機制不保證如實填寫志願序永遠對您最有利。",
)

MECHANISMS: dict[str, Mechanism] = {
    m.id: m
    for m in (
        Mechanism(
            "student-optimal",
            Text("Student-proposing deferred acceptance", "學生提出之延遲接受機制"),
            frozenset({G.FEASIBLE, G.STABLE, G.STUDENT_OPTIMAL, G.STRATEGY_PROOF, G.RURAL_HOSPITALS}),
            _TRUE_ORDER,
        ),
        Mechanism(
            "student-optimal-lottery",
            Text(
                "Student-proposing deferred acceptance after one public lottery",
                "經單一公開抽籤之學生提出延遲接受機制",
            ),
            frozenset({G.FEASIBLE, G.WEAKLY_STABLE, G.STUDENT_OPTIMAL_DRAWN, G.STRATEGY_PROOF}),
            _TRUE_ORDER,
        ),
        Mechanism(
            "host-optimal",
            Text("Host-proposing deferred acceptance", "單位提出之延遲接受機制"),
            frozenset({G.FEASIBLE, G.STABLE, G.HOST_OPTIMAL, G.RURAL_HOSPITALS}),
            _NOT_PROOF,
        ),
        Mechanism(
            "host-optimal-lottery",
            Text(
                "Host-proposing deferred acceptance after one public lottery",
                "經單一公開抽籤之單位提出延遲接受機制",
            ),
            frozenset({G.FEASIBLE, G.WEAKLY_STABLE, G.HOST_OPTIMAL_DRAWN}),
            _NOT_PROOF,
        ),
        Mechanism(
            "maximum-size",
            Text("Largest weakly stable matching", "最大規模之弱穩定媒合"),
            frozenset({G.FEASIBLE, G.WEAKLY_STABLE, G.MAXIMUM_SIZE}),
            _NOT_PROOF,
        ),
        Mechanism(
            "couples",
            Text("Matching with couples, fewest blocking choices", "含伴侶聯合志願之媒合（阻擋組合最少）"),
            frozenset({G.FEASIBLE, G.FEWEST_BLOCKING}),
            _NOT_PROOF,
        ),
        Mechanism(
            "caps-and-reserves",
            Text("Deferred acceptance with caps and reserved seats", "含上限與保留名額之延遲接受機制"),
            frozenset({G.FEASIBLE, G.STABLE_UNDER_CHOICE, G.AS_PUBLISHED, G.STRATEGY_PROOF}),
            _TRUE_ORDER,
        ),
        Mechanism(
            "balanced-exchange",
            Text("Two-sided top trading cycles between countries", "國家間雙邊首選交易循環機制"),
            frozenset({G.FEASIBLE, G.BALANCED, G.AS_PUBLISHED, G.EFFICIENT_WHEN_BALANCED, G.STRATEGY_PROOF}),
            _TRUE_ORDER,
        ),
        Mechanism(
            "offer-rounds",
            Text("Second round of timed offers", "限時錄取之第二輪"),
            frozenset({G.FEASIBLE}),
            _NOT_PROOF,
        ),
        Mechanism(
            "serial-dictatorship",
            Text("Serial dictatorship (counter-example)", "依序選擇（反例）"),
            frozenset({G.FEASIBLE, G.STRATEGY_PROOF}),
            _TRUE_ORDER,
            for_decisions=False,
        ),
        Mechanism(
            "lowest-rank-sum",
            Text("Lowest sum of ranks (counter-example)", "名次總和最低（反例）"),
            frozenset({G.FEASIBLE}),
            _NOT_PROOF,
            for_decisions=False,
        ),
    )
}
