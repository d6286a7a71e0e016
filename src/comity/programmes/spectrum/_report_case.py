"""What a report speaks of: the decision, and the engineering behind it on the channel that decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from comity.casework.canonical import canonical_bytes
from comity.casework.decision import Decision
from comity.casework.world import World
from comity.coordination.assessment import Assessment as Path
from comity.programmes.spectrum.application import SpectrumApplication
from comity.programmes.spectrum.network import Channel
from comity.programmes.spectrum.study import Study, study_of
from comity.programmes.spectrum.words import register_number
from comity.rules.finding import Outcome

#: With more tests than this only the tightest are explained; all of them were made.
_MOST_EXPLAINED = 20_000
#: An aggregate that others raise by more than this above the path itself says little about that path [dB].
_FOREIGN_DB = 10.0


@dataclass(frozen=True)
class Case:
    """A decision with its study, which is computed again from what the decision records."""

    decision: Decision
    application: SpectrumApplication
    study: Study

    @cached_property
    def channel(self) -> Channel | None:
        """The channel that is granted, or else the one among those asked for that comes nearest."""
        study = self.study
        if study.coordination is None or study.chosen is not None:
            return study.chosen
        return max(study.asked, key=lambda c: (study.result(c).margin_db, -study.asked.index(c)))

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """Interference paths on that channel, smallest margin first."""
        coordination = self.study.coordination
        if coordination is None or self.channel is None:
            return ()
        result = coordination.result(self.channel)
        return result.worst if result.tested > _MOST_EXPLAINED else coordination.assessments(self.channel)

    @cached_property
    def tightest(self) -> dict[str, Path]:
        """The tightest path for each incumbent: towards it, or from it into the network applied for."""
        found: dict[str, Path] = {}
        for path in sorted(self.paths, key=lambda p: (not self.binds(p), p.margin_db)):
            found.setdefault(incumbent_of(path), path)
        return found

    @property
    def worst(self) -> Path | None:
        """The path to show: the smallest margin of those that can refuse and to which this network adds something."""
        return min(self.paths, key=lambda p: (not self.binds(p), _foreign(p), p.margin_db), default=None)

    def binds(self, path: Path) -> bool:
        """Whether a miss on ``path`` refuses: harm to others does, harm from others where the regime says so."""
        return outward(path) or self.study.policy.inward == "refuse"

    def outcome(self, path: Path) -> Outcome:
        """Return what the path means for the application."""
        if path.margin_db >= 0.0:
            return Outcome.PASS
        return Outcome.WARN if path.consented or not self.binds(path) else Outcome.FAIL


def case_of(decision: Decision, world: World) -> Case:
    """Return the case of ``decision``; ``world`` is the one that it was decided in."""
    application = SpectrumApplication.model_validate_json(canonical_bytes(decision.application))
    return Case(decision, application, study_of(application, world))


def _foreign(path: Path) -> bool:
    """Whether a limit is kept and nearly all of the level comes from others than the path that is shown."""
    others = sum(term.value for term in path.terms if term.name == "other_interferers")
    return path.aggregate and path.margin_db >= 0.0 and others > _FOREIGN_DB


def outward(path: Path) -> bool:
    """Whether the network applied for is the one that sends."""
    return path.direction == "candidate_to_incumbent"


def incumbent_of(path: Path) -> str:
    """Return the register number of the other side."""
    sends, hears = path.pair.split("-")
    return register_number(path.victim, hears) if outward(path) else register_number(path.interferer, sends)


def holder_of(path: Path) -> str:
    """Return the party of the other side."""
    return path.victim_holder if outward(path) else path.interferer_holder
