"""The words that rules may use: the one contract between rule packs and the programmes that feed them.

A programme computes the ``derived`` values; an application declares the ``declarations``. A name that is not
here is refused by the lint, so that a misspelt rule cannot silently stay unknown for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.rules.text import Text


@dataclass(frozen=True, slots=True)
class Term:
    """One derived value: its unit (``"1"`` for numbers, truth values and lists) and its meaning."""

    unit: str
    meaning: Text


def _t(unit: str, en: str, zh: str) -> Term:
    return Term(unit, Text(en, zh))


DERIVED: Mapping[str, Term] = {
    "area_km2": _t("km2", "area of the site", "場域面積"),
    "is_public_body": _t("1", "whether the applicant is a public body", "申請人是否為公共機構"),
    "outdoor": _t("1", "whether any station stands outdoors", "是否有室外基地臺"),
    "station_count": _t("1", "number of base stations", "基地臺數"),
    "licence_units": _t("1", "licences needed: circles or stations", "所需執照數（圓形範圍或基地臺）"),
    "antenna_height_max_m": _t("m", "greatest antenna height above ground", "天線最大離地高"),
    "output_power_max_w": _t("W", "greatest output power of a station", "基地臺最大輸出功率"),
    "clear_front_min_m": _t(
        "m", "least clear distance ahead of an outdoor antenna", "室外天線前方最小淨空距離"
    ),
    "eirp_max_dbm": _t("dBm", "greatest EIRP of a station over its channel", "基地臺頻道最大 EIRP"),
    "eirp_carrier_max_dbm": _t("dBm", "greatest EIRP of one carrier", "單一載波最大 EIRP"),
    "eirp_density_dbm_per_5mhz": _t("dBm/5 MHz", "greatest EIRP in 5 MHz", "每 5 MHz 最大 EIRP"),
    "bandwidth_mhz": _t("MHz", "bandwidth asked for", "申請頻寬"),
    "term_years": _t("year", "length of the term, started days counted", "期間年數"),
    "days": _t("day", "length of the term in days, both ends counted", "期間日數（含首末日）"),
    "month_span": _t(
        "month", "months of the term, started months counted whole", "期間月數（未滿一月以一月計）"
    ),
    "boundary_level_dbm": _t("dBm", "strongest level at the site boundary", "場域邊界最大位準"),
    "boundary_margin_db": _t("dB", "margin of that level to the limit", "邊界位準餘裕"),
    "coverage_touches": _t("1", "neighbours touched without consent", "觸及而未同意之鄰近場域"),
    "microwave_zone_hits": _t("1", "microwave zones touched without consent", "觸及而未同意之微波協調區"),
    "applicants_on_site": _t(
        "1", "number of applicants on the site, this one included", "同一場域申請人數（含本案）"
    ),
    "consents_cover_all": _t(
        "1", "whether the consents filed cover all affected", "同意書是否涵蓋全部受影響者"
    ),
    "in_territory": _t("1", "whether all stations stand in the territory", "全部基地臺是否位於領域內"),
    "nation": _t("1", "nation of the place", "場址所屬地區"),
    "days_to_start": _t("day", "days from the decision to the start of the term", "自審定至期間起始之日數"),
    "starts_before_receipt": _t("1", "whether the term starts before the receipt", "期間是否早於收件日起始"),
    "days_to_right_end": _t(
        "day", "days from the decision to the end of the site right", "自審定至使用權屆滿日數"
    ),
    "nr_channel": _t(
        "1", "whether bandwidth and spacing form an NR channel", "頻寬及次載波間隔是否為 NR 頻道"
    ),
    "nr_table": _t("1", "table of NR channels at the frequency of the band", "頻段所適用之 NR 頻道表"),
    "nr_bandwidths_mhz": _t("MHz", "bandwidths of NR at the spacing asked for", "所請次載波間隔之 NR 頻寬"),
    "off_raster": _t("1", "channels off the raster", "未位於柵格之頻道"),
    "eirp_mismatch_db": _t(
        "dB", "difference of EIRP from output power and gain", "EIRP 與輸出功率及增益之差"
    ),
    "antennas_unfit": _t("1", "stations whose antenna is none of a base station", "使用非基地臺天線之基地臺"),
    "antenna_gain_max_dbi": _t("dBi", "greatest antenna gain", "天線最大增益"),
    "stacked_eirp_dbm": _t("dBm", "greatest sum of EIRP at one place", "同一地點 EIRP 合計最大值"),
    "links_without_zone": _t(
        "1", "microwave links near whose zone is not known", "鄰近而協調區不明之微波鏈路"
    ),
    "emf_ratio": _t("1", "public exposure over its reference level", "民眾暴露與參考位準之比"),
    "in_greater_london": _t("1", "whether the site lies in Greater London", "場址是否位於大倫敦地區"),
    "settlement_area_km2": _t("km2", "settlement and traffic area of the site", "場域內聚落及交通用地面積"),
    "other_area_km2": _t("km2", "other area of the site", "場域內其他用地面積"),
    "population": _t("1", "inhabitants of the licensed area", "執照範圍人口數"),
}
"""Values that the spectrum programme computes and hands to :func:`comity.rules.evaluate.evaluate`."""

ENGINEERED = frozenset(
    (
        "derived.boundary_level_dbm",
        "derived.boundary_margin_db",
        "derived.coverage_touches",
        "derived.microwave_zone_hits",
        "derived.links_without_zone",
        "derived.applicants_on_site",
        "derived.consents_cover_all",
        "derived.emf_ratio",
        "derived.in_territory",
        "derived.nation",
        "derived.nr_channel",
        "derived.nr_table",
        "derived.nr_bandwidths_mhz",
        "derived.off_raster",
        "derived.days_to_start",
        "derived.starts_before_receipt",
        "derived.days_to_right_end",
        "derived.eirp_mismatch_db",
        "derived.antennas_unfit",
        "derived.antenna_gain_max_dbi",
        "derived.stacked_eirp_dbm",
    )
)
"""Derived values that only engines, register and day of decision give; the others follow from the application."""

DECLARATIONS: Mapping[str, Text] = {
    "further_documents_requested": Text("the authority asked for further documents", "主管機關要求其他文件"),
    "procurement_affidavit": Text(
        "equipment is procured later; an affidavit is filed", "設備後續採購，已附切結書"
    ),
    "core_no_cross_access": Text(
        "no cross access runs through the combined network", "未經由結合之網路交互接取"
    ),
    "core_controlled_by_installer": Text(
        "the installer can control the combined network", "設置者可管控結合之網路"
    ),
    "core_data_full_control": Text("the installer fully controls its data", "設置者可完全管控資料"),
    "core_operator_established_in_territory": Text(
        "the data centre's operator has a fixed place of business in the territory",
        "資料中心經營者於境內設有固定營業場所",
    ),
    "special_review_ordered": Text("the authority ordered a special review", "主管機關認有必要專案審查"),
    "special_review_passed": Text("the special review was passed", "已通過專案審查"),
    "converts_experiment": Text("an experimental network is converted", "由實驗研發網路轉換"),
    "experiment_same_equipment_and_place": Text(
        "the converted network keeps equipment, place and plan", "轉換後設備、地點及計畫均未變更"
    ),
    "exception_granted": Text("the authority granted an exception", "已獲例外核准"),
    "defence_clearance": Text("the use is cleared with defence", "已完成國防用途協調"),
}
"""Keys of ``application.declarations`` that rules read."""

FIELDS: Mapping[str, Text] = {
    "application.party.prc_invested": Text("investment from the PRC", "是否為陸資"),
    "application.party.acts_in_own_name": Text("acting in one's own name", "是否以自己名義"),
    "application.product": Text("the product", "產品別"),
    "application.rural_class": Text("the rural or urban class of the site", "場址城鄉類別"),
    "application.urban": Text("whether the site is urban", "場址是否為都市"),
    "application.radio.plmn_id": Text("the PLMN ID", "PLMN ID"),
    "application.radio.nid": Text("the NID", "NID"),
    "application.radio.tdd.pattern": Text("the TDD pattern", "TDD 訊框樣式"),
    "application.radio.subcarrier_spacing_khz": Text("the subcarrier spacing", "次載波間隔"),
    "application.site.radius_m": Text("the radius of the site", "場域半徑"),
    "application.site.building_height_m": Text("the height of the building", "建物高度"),
    "application.site.right": Text("the right to the site", "場域使用權"),
    "application.site.right.whole_site": Text(
        "whether the right covers the whole site", "使用權是否及於全部場域"
    ),
    "application.site.right.kind": Text("the kind of right to the site", "場域使用權種類"),
    "application.site.right.valid_to": Text("the end of the right to the site", "場域使用權期限"),
    "application.term.end": Text("the end of the term", "期間末日"),
    "application.use.network_class": Text("the network class", "網路類別"),
    "application.use.public_communication_service": Text(
        "whether a public communication service is provided", "是否提供公眾通信服務"
    ),
    "application.use.interconnected_with_other_networks": Text(
        "whether it is interconnected with other networks", "是否與他人網路互連"
    ),
    "application.use.connected_to_public_network": Text(
        "whether it is connected to the public network", "是否與公眾電信網路連接"
    ),
    "application.use.public_network_exception": Text(
        "the ground for connecting to the public network", "與公眾電信網路連接之事由"
    ),
    "application.use.cloud": Text("whether a cloud is used", "是否使用雲端"),
    "application.use.cloud_endpoint_isolates": Text(
        "whether an endpoint isolates the network", "端點設備是否隔離"
    ),
    "application.use.foreign_core": Text(
        "whether another party's core or access network is combined", "是否結合他人核心或接取網路"
    ),
    "application.use.core_provider_prc_invested": Text(
        "whether the core provider has PRC investment", "核心網路提供者是否為陸資"
    ),
    "application.use.core_data_centre_in_territory": Text(
        "whether the core's data centre is in the territory", "核心網路資料中心是否位於境內"
    ),
    "item.output_power_w": Text("the output power of the station", "基地臺輸出功率"),
    "item.clear_front_m": Text("the clear distance ahead of the station", "基地臺前方淨空距離"),
}
"""How fields of the application are called in a sentence."""


VOCABULARIES: Mapping[str, Mapping[str, Term]] = {"spectrum": DERIVED}
"""Derived values by programme; a programme without an entry is not checked for their names."""


def label(path: str) -> Text:
    """Return how a missing value is named in a sentence; an unlisted path names itself."""
    root, _, rest = path.partition(".")
    if root == "derived" and rest in DERIVED:
        return DERIVED[rest].meaning
    if path in FIELDS:
        return FIELDS[path]
    name = path.removeprefix("application.declarations.")
    return DECLARATIONS.get(name, Text(path, path))
