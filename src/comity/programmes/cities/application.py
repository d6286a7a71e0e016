"""A round of city pairing as an application: what ``round.toml`` says, and what the decision records."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from comity.casework.application import Application, Record
from comity.rules.text import Text

Identifier = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="letters, digits and ._-")
]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="two letters of ISO 3166, as GB or TW")]
Share = Annotated[float, Field(ge=0, le=1)]


class Words(Record):
    """A label in both languages."""

    en: str
    zh: str

    @property
    def text(self) -> Text:
        """The label as library text."""
        return Text(self.en, self.zh)


class Weights(Record):
    """Weights of the four components; at least one above 0."""

    similarity: float = Field(default=0, ge=0, le=100)
    complementarity: float = Field(default=0, ge=0, le=100)
    challenges: float = Field(default=0, ge=0, le=100)
    feasibility: float = Field(default=0, ge=0, le=100)

    @model_validator(mode="after")
    def _one_counts(self) -> Weights:
        if not any(self.as_dict().values()):
            raise ValueError("all weights are 0: one component must count")
        return self

    def as_dict(self) -> dict[str, float]:
        """Return the weights by component."""
        return {name: float(getattr(self, name)) for name in type(self).model_fields}


class FeasibilityWeights(Record):
    """Weights inside feasibility."""

    distance: float = Field(default=0.4, ge=0)
    working_hours: float = Field(default=0.3, ge=0)
    ties: float = Field(default=0.3, ge=0)


class PolicyRecord(Record):
    """The named, dated policy of a round."""

    id: Identifier
    title: Words
    dated: date
    weights: Weights
    feasibility: FeasibilityWeights = FeasibilityWeights()
    indicators: dict[str, Annotated[float, Field(ge=0, le=100)]] = Field(default_factory=dict)


class Treatment(Record):
    """How indicators are treated before places are compared."""

    impute: Literal["none", "mean", "median", "group_mean", "group_median"] = "none"
    winsorise_most: Share = 0.1
    transform: Literal["log", "none"] = "log"
    normalise: Literal["zscore", "minmax", "rank"] = "zscore"
    latest_year: int | None = None


class PairLink(Record):
    """One pair of places: the first country's, then the second's; ``reason`` is shown."""

    first: Identifier
    second: Identifier
    reason: str = ""


class QuotaRecord(Record):
    """How many pairs touch places of one country: those named, those of regions, or those of a size.

    Places that fit every criterion given count.
    """

    id: Identifier
    title: Words
    country: Country
    places: tuple[Identifier, ...] = ()
    regions: tuple[str, ...] = ()
    population_from: int | None = Field(default=None, ge=0)
    population_below: int | None = Field(default=None, ge=0)
    at_least: int = Field(default=0, ge=0)
    at_most: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _says_something(self) -> QuotaRecord:
        criteria = (self.places, self.regions, self.population_from, self.population_below)
        if not any(c not in ((), None) for c in criteria):
            raise ValueError("names no places, regions or population")
        if not self.at_least and self.at_most is None:
            raise ValueError("asks for nothing: at_least or at_most")
        return self


class Numbers(Record):
    """Size of the set of pairs."""

    at_least: int = Field(default=0, ge=0)
    at_most: int | None = Field(default=None, ge=0)


class SensitivityPlan(Record):
    """How the weights are shaken: draws, seed, and how far around the policy's own weights."""

    draws: int = Field(default=200, ge=10, le=5000)
    seed: int = Field(default=1, ge=0, lt=2**63)
    spread: Annotated[float, Field(gt=0, le=1)] = 0.5


class RoundApplication(Application):
    """A round: two countries, a policy, and what the set of pairs must keep.

    ``mechanism``: ``optimal`` takes the set of highest total score; ``ranked`` takes the stable set from the cities'
    own rankings, best for the first country.
    """

    programme: Literal["cities"] = "cities"
    regime: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")] = "city-round"
    title: Words
    countries: tuple[Country, Country]
    mechanism: Literal["optimal", "ranked"] = "optimal"
    text_method: Literal["keywords", "semantic"] = "keywords"
    policy: PolicyRecord
    treatment: Treatment = Treatment()
    pairs: Numbers = Numbers()
    quotas: tuple[QuotaRecord, ...] = ()
    fixed: tuple[PairLink, ...] = ()
    forbidden: tuple[PairLink, ...] = ()
    ties: tuple[PairLink, ...] = ()
    limits: dict[Identifier, Annotated[int, Field(ge=0, le=20)]] = Field(default_factory=dict)
    sensitivity: SensitivityPlan = SensitivityPlan()

    @model_validator(mode="after")
    def _consistent(self) -> RoundApplication:
        if self.countries[0] == self.countries[1]:
            raise ValueError(f"countries: {self.countries[0]} twice; a round pairs two countries")
        ids = [q.id for q in self.quotas]
        repeated = sorted({i for i in ids if ids.count(i) > 1})
        if repeated:
            raise ValueError(f"quotas: {', '.join(repeated)} stand there twice")
        abroad = [q.id for q in self.quotas if q.country not in self.countries]
        if abroad:
            raise ValueError(f"quotas {', '.join(abroad)}: the country takes no part in this round")
        return self
