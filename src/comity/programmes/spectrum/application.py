"""The spectrum application: one schema for file, web form and API.

Every field that a regime's rules may read is here; a field that was left out is ``None`` and the rule that
needs it answers "unknown", never a guess. Geographic coordinates are WGS 84 degrees.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from comity.casework.application import Application, Record
from comity.programmes.spectrum.site import Site
from comity.programmes.spectrum.station import Station


class Name(Record):
    """A name in English, in Chinese, or in both."""

    en: str = ""
    zh: str = ""

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if not (self.en or self.zh):
            raise ValueError("give the name in English (en), in Chinese (zh), or in both")
        return self


PartyKind = Literal[
    "company",
    "government_agency",
    "public_school",
    "state_owned_enterprise",
    "administrative_corporation",
    "individual",
    "mobile_operator",
]


class Party(Record):
    """Who applies. Personal contact data is kept apart and is never part of a decision."""

    name: Name
    kind: PartyKind
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
    registration_number: str | None = None
    prc_invested: bool | None = None
    special_approval: bool = False
    acts_in_own_name: bool | None = None


class Contact(Record):
    """Whom to write to: personal data, never part of a decision."""

    name: str
    email: str
    telephone: str = ""


class Tdd(Record):
    """Time-division duplex frame and its clock; what synchronisation is derived from."""

    pattern: Annotated[str, Field(pattern=r"^[DSUF]{1,40}$", description="slots, as in DDDSU")]
    special_slot: Annotated[
        str | None, Field(pattern=r"^\d{1,2}:\d{1,2}:\d{1,2}$", description="D:guard:U symbols, as in 10:2:2")
    ] = None
    clock: Literal["gnss", "ptp", "network", "free_running"] | None = None
    frame_offset_us: float = 0.0


class Channel(Record):
    """One wished-for channel by its edges [MHz]."""

    low_mhz: Annotated[float, Field(ge=100, le=100_000)]
    high_mhz: Annotated[float, Field(ge=100, le=100_000)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.high_mhz <= self.low_mhz:
            raise ValueError("high_mhz must lie above low_mhz")
        return self


_HERTZ_MHZ = 1e-6


class RadioPlan(Record):
    """Band, bandwidth and frame. ``channels`` are wishes in order; empty means any channel of the band."""

    band: Annotated[str, Field(description="band id of the regime, see `comity rules show REGIME`")]
    bandwidth_mhz: Annotated[float, Field(gt=0, le=3_000)]
    channels: tuple[Channel, ...] = ()
    duplex: Literal["tdd", "fdd"] = "tdd"
    tdd: Tdd | None = None
    subcarrier_spacing_khz: Literal[15, 30, 60, 120] | None = None
    technology: Literal["5g_nr", "lte", "other"] = "5g_nr"
    plmn_id: Annotated[str | None, Field(pattern=r"^\d{3}-?\d{2,3}$")] = None
    nid: str | None = None

    @model_validator(mode="after")
    def _widths_agree(self) -> Self:
        for channel in self.channels:
            width = channel.high_mhz - channel.low_mhz
            if abs(width - self.bandwidth_mhz) > _HERTZ_MHZ:
                raise ValueError(
                    f"channel {channel.low_mhz:g}-{channel.high_mhz:g} MHz is {width:g} MHz wide, "
                    f"bandwidth_mhz is {self.bandwidth_mhz:g}"
                )
        return self


class Use(Record):
    """What the network is for."""

    network_class: Literal["public_service", "private"] | None = None
    purpose: str = ""
    scenario: str = ""
    public_communication_service: bool | None = None
    interconnected_with_other_networks: bool | None = None
    connected_to_public_network: bool | None = None
    public_network_exception: str | None = None
    cloud: bool | None = None
    cloud_endpoint_isolates: bool | None = None
    cloud_plan_parts: tuple[str, ...] = ()
    foreign_core: bool | None = None
    core_provider_prc_invested: bool | None = None
    core_data_centre_in_territory: bool | None = None


class Equipment(Record):
    """One main piece of equipment, as the network plan lists it."""

    kind: Literal["core", "base_station", "controller", "other"]
    brand: str
    model: str
    manufacturer: str
    manufacturer_country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    type_approval: str | None = None


class Consent(Record):
    """A written consent or sharing agreement with the holder of a right that is affected."""

    holder: str
    subject: Annotated[str, Field(description="id of the licence, site or link in the register")]
    document: str


class Term(Record):
    """From when to when. ``end`` left out means a continuing licence, or the longest the regime allows."""

    start: date
    end: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError("end lies before start")
        return self


class SpectrumApplication(Application):
    """An application for dedicated 5G spectrum at one site."""

    programme: Literal["spectrum"] = "spectrum"
    product: Annotated[str | None, Field(description="regime's product, as low_power or medium_power")] = None
    party: Party
    contact: Contact | None = None
    register_file: Annotated[
        str | None, Field(description="register of what is already there, a path beside the application file")
    ] = None
    site: Site
    stations: Annotated[tuple[Station, ...], Field(min_length=1, max_length=500)]
    radio: RadioPlan
    use: Use = Use()
    term: Term
    equipment: tuple[Equipment, ...] = ()
    documents: tuple[str, ...] = ()
    plan_fields: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()
    urban: Annotated[bool | None, Field(description="by the regime's own test; None: not established")] = None
    rural_class: Annotated[str | None, Field(description="census or settlement class, as E1")] = None
    declarations: dict[str, bool] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _station_ids_differ(self) -> Self:
        ids = [s.id for s in self.stations]
        double = sorted({i for i in ids if ids.count(i) > 1})
        if double:
            raise ValueError(f"station ids must differ: {', '.join(double)} given more than once")
        return self
