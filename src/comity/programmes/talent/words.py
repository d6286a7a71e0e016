"""How codes of the programme read in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from comity.matching.guarantees import Guarantee
from comity.rules.text import Text

FIELDS: Mapping[str, Text] = {
    "ai": Text("AI", "人工智慧"),
    "data_science": Text("Data science", "資料科學"),
    "smart_network": Text("Smart network", "智慧網路"),
    "digital_content": Text("Digital content", "數位內容"),
    "digital_marketing": Text("Digital marketing", "數位行銷"),
}
_ROLES: Mapping[str, Text] = {
    "programme_officer": Text("programme officer", "計畫承辦人"),
    "observer": Text("observer", "觀察員"),
}
_GROUPS: Mapping[str, Text] = {
    "first_generation": Text("First in the family at university", "家中首位大學生"),
}
_COUNTRIES: Mapping[str, Text] = {
    "AU": Text("Australia", "澳洲"),
    "CZ": Text("Czechia", "捷克"),
    "DE": Text("Germany", "德國"),
    "FR": Text("France", "法國"),
    "GB": Text("United Kingdom", "英國"),
    "JP": Text("Japan", "日本"),
    "KR": Text("Korea", "韓國"),
    "NL": Text("Netherlands", "荷蘭"),
    "TW": Text("Taiwan", "臺灣"),
    "US": Text("United States", "美國"),
}
#: A guarantee's short name, and what it means.
CLAIMS: Mapping[Guarantee, tuple[Text, Text]] = {
    Guarantee.FEASIBLE: (
        Text("Allowed", "合規"),
        Text("Both sides listed each other; seats are kept.", "雙方互列且未逾名額。"),
    ),
    Guarantee.STABLE: (
        Text("Stable", "穩定"),
        Text("No student and host would both rather have each other.", "無彼此更屬意之學生與單位。"),
    ),
    Guarantee.WEAKLY_STABLE: (
        Text("Weakly stable", "弱穩定"),
        Text(
            "No student and host would both rather have each other; a tie is no claim.",
            "無彼此更屬意之學生與單位；並列不構成主張。",
        ),
    ),
    Guarantee.STABLE_UNDER_CHOICE: (
        Text("Stable under the rules", "規則下穩定"),
        Text(
            "No host would, by its published seat rules, take a student who prefers it.",
            "依公告之名額規則，無單位會另錄取更屬意該單位之學生。",
        ),
    ),
    Guarantee.STUDENT_OPTIMAL: (
        Text("Student-optimal", "學生最適"),
        Text("The best stable result for every student.", "對每名學生最有利之穩定結果。"),
    ),
    Guarantee.HOST_OPTIMAL: (
        Text("Host-optimal", "單位最適"),
        Text("The best stable result for every host.", "對每個單位最有利之穩定結果。"),
    ),
    Guarantee.STUDENT_OPTIMAL_DRAWN: (
        Text("Student-optimal after the draw", "抽籤後學生最適"),
        Text(
            "With ties in the order of the lottery, the best stable result for every student.",
            "並列者依抽籤定序後，對每名學生最有利之穩定結果。",
        ),
    ),
    Guarantee.HOST_OPTIMAL_DRAWN: (
        Text("Host-optimal after the draw", "抽籤後單位最適"),
        Text(
            "With ties in the order of the lottery, the best stable result for every host.",
            "並列者依抽籤定序後，對每個單位最有利之穩定結果。",
        ),
    ),
    Guarantee.AS_PUBLISHED: (
        Text("As published", "依公告程序"),
        Text(
            "The one result that the published procedure gives with these lists, or that was adopted.",
            "依公告程序就這些志願與排序所得之唯一結果，或已採用之結果。",
        ),
    ),
    Guarantee.STRATEGY_PROOF: (
        Text("Truth pays", "如實最有利"),
        Text("Her true order is always a student's best answer.", "學生如實填寫志願序永遠最有利。"),
    ),
    Guarantee.RURAL_HOSPITALS: (
        Text("Same students", "錄取者不變"),
        Text("The same students are placed in every stable result.", "任何穩定結果所分發之學生相同。"),
    ),
    Guarantee.MAXIMUM_SIZE: (
        Text("Largest", "規模最大"),
        Text("No weakly stable result places more students.", "無其他弱穩定結果可錄取更多學生。"),
    ),
    Guarantee.FEWEST_BLOCKING: (
        Text("Fewest blocking", "阻擋最少"),
        Text(
            "No result has fewer blocking choices, with ties in the order of the lottery.",
            "並列者依抽籤定序後，無其他結果之阻擋組合更少。",
        ),
    ),
    Guarantee.BALANCED: (
        Text("Balanced", "收支平衡"),
        Text("Every country sends as many as it receives.", "各國派出與接待人數相等。"),
    ),
    Guarantee.EFFICIENT_WHEN_BALANCED: (
        Text("Efficient", "效率"),
        Text(
            "No other balanced result is better for one and worse for none.",
            "無其他平衡結果能使一人更好而無人更差。",
        ),
    ),
}


def country_name(code: str) -> Text:
    """Return a country's name, its code where the name is not known here."""
    return _COUNTRIES.get(code, Text(code, code))


def role_name(code: str) -> Text:
    """Return a role's name, its code where a call has named its own."""
    return _ROLES.get(code, _spaced(code))


def group_name(code: str) -> Text:
    """Return the name of a group of students, its code where a call has named its own."""
    return _GROUPS.get(code, _spaced(code))


def _spaced(code: str) -> Text:
    return Text(code.replace("_", " "), code.replace("_", " "))
