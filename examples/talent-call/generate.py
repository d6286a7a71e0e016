"""Write the example call: 200 invented students, 60 invented hosts. Nobody and nothing in it exists.

    python examples/talent-call/generate.py

The same bytes on every machine: the random numbers come from Python's own generator with a fixed seed.
"""

from __future__ import annotations

import csv
import hashlib
import random
from pathlib import Path

HERE = Path(__file__).parent
SEED = "example-seed-of-an-invented-call-0123456789abcdef"
FIELDS = {
    "ai": (
        ["machine_learning", "deep_learning", "computer_vision", "nlp", "python"],
        ("Machine learning for {}", "{}機器學習"),
    ),
    "data_science": (
        ["statistics", "sql", "visualisation", "web_crawling", "python"],
        ("Data science for {}", "{}資料科學"),
    ),
    "smart_network": (
        ["5g", "iot", "cloud", "cybersecurity", "linux"],
        ("Networks for {}", "{}智慧網路"),
    ),
    "digital_content": (
        ["ar_vr", "modelling_3d", "ui_ux", "animation", "unity"],
        ("Digital content for {}", "{}數位內容"),
    ),
    "digital_marketing": (
        ["ecommerce", "social_media", "mobile_payment", "fintech", "analytics"],
        ("Digital marketing for {}", "{}數位行銷"),
    ),
}
TOPICS = [
    ("health care", "醫療照護"),
    ("public transport", "大眾運輸"),
    ("smart factories", "智慧工廠"),
    ("agriculture", "農業"),
    ("ports", "港口"),
    ("museums", "博物館"),
    ("energy", "能源"),
    ("tourism", "觀光"),
    ("retail", "零售"),
    ("disaster relief", "防災"),
    ("language learning", "語言學習"),
    ("city services", "城市服務"),
]
PLACES = [
    "Alderwick",
    "Brightmere",
    "Calderfield",
    "Dunhollow",
    "Eastmarsh",
    "Fernleigh",
    "Greyford",
    "Hazelmoor",
    "Ivybridge",
    "Kestrelby",
]
PLACES_ZH = ["艾德威", "布萊米", "卡德菲", "丹荷洛", "東沼", "芬萊", "葛瑞福", "榛野", "常春橋", "凱斯特"]
KINDS = [
    ("Labs", "實驗室"),
    ("Works", "工坊"),
    ("Systems", "系統"),
    ("Studio", "工作室"),
    ("Networks", "網路"),
    ("Group", "集團"),
]
COUNTRIES = ["GB"] * 30 + ["CZ"] * 12 + ["NL"] * 10 + ["JP"] * 8


def main() -> None:
    """Write all files of the call."""
    rng = random.Random(20260301)  # noqa: S311
    hosts, positions = make_hosts(rng)
    students = [make_student(rng, i) for i in range(1, 201)]
    choices = [row for s in students for row in list_places(rng, s, positions)]
    rankings = [row for p in positions for row in rank_students(rng, p, students, choices)]
    write("hosts.csv", hosts)
    write("positions.csv", [{k: v for k, v in p.items() if k != "country"} for p in positions])
    write("students.csv", [{k: v for k, v in s.items() if k != "field"} for s in students])
    write("choices.csv", choices)
    write("rankings.csv", rankings)
    commitment = hashlib.sha256(f"comity lottery commitment v1\n{SEED}".encode()).hexdigest()
    (HERE / "call.toml").write_text(CALL.format(commitment=commitment, seed=SEED), encoding="utf-8")


def make_hosts(rng: random.Random) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return 60 hosts with one position each."""
    hosts, positions = [], []
    names = [(a, b) for b in range(len(KINDS)) for a in range(len(PLACES))]
    rng.shuffle(names)
    for i, (a, b) in enumerate(names, 1):
        country = COUNTRIES[i - 1]
        name_zh = f"{PLACES_ZH[a]}{KINDS[b][1]}（虛構）"
        hosts.append(
            {
                "id": f"H{i:02}",
                "name_en": f"{PLACES[a]} {KINDS[b][0]} (invented)",
                "name_zh": name_zh,
                "country": country,
                "vetted": "yes",
            }
        )
        positions.append(make_position(rng, i, country))
    return hosts, positions


def make_position(rng: random.Random, i: int, country: str) -> dict[str, str]:
    """Return one position."""
    field = rng.choice(list(FIELDS))
    skills, (title_en, title_zh) = FIELDS[field]
    topic = rng.choice(TOPICS)
    month, length = rng.choice([(7, 62), (7, 92), (9, 122)])
    starts = f"2026-{month:02}-01"
    ends = {62: "2026-08-31", 92: "2026-09-30", 122: "2026-12-31"}[length]
    asked = sorted(rng.sample(skills, 3))
    return {
        "id": f"P{i:02}",
        "host": f"H{i:02}",
        "title_en": title_en.format(topic[0]),
        "title_zh": title_zh.format(topic[1]),
        "field": field,
        "skills": ";".join(asked),
        "seats": str(rng.choice([1, 2, 2, 3, 4, 5])),
        "mode": rng.choice(["on_site", "on_site", "hybrid"]),
        "starts": starts,
        "ends": ends,
        "languages": "ja:B1;en:B1"
        if country == "JP" and rng.random() < 0.5
        else rng.choice(["en:B1", "en:B2", "en:B2"]),
        "eqf_min": rng.choice(["6", "6", "6", "6", "6", "7"]),
        "pay_per_month": rng.choice(["", "900", "1100", "1400"]) if country != "JP" else "150000",
        "currency": {"GB": "GBP", "CZ": "EUR", "NL": "EUR", "JP": "JPY"}[country],
        "visa_support": "yes" if rng.random() < 0.95 else "no",
        "about_en": f"Work with {', '.join(asked)} on projects for {topic[0]}.",
        "about_zh": f"以相關技術參與{topic[1]}專案。",
        "country": country,
    }


def make_student(rng: random.Random, i: int) -> dict[str, str]:
    """Return one student; a few miss a paper, study in too early a year or are there too short a time."""
    field = rng.choice(list(FIELDS))
    master = rng.random() < 0.35
    documents = ["D1", "D2", "D3", "D4"]
    if rng.random() < 0.03:
        documents.remove(rng.choice(documents))
    topic = rng.choice(TOPICS)
    skills = sorted({*rng.sample(FIELDS[field][0], 3), *rng.sample(FIELDS[rng.choice(list(FIELDS))][0], 1)})
    return {
        "id": f"S{i:03}",
        "country": "TW",
        "institution": f"Example University {rng.randint(1, 12)}",
        "enrolled": "yes",
        "eqf_level": "7" if master else "6",
        "study_year": str(
            rng.randint(1, 2) if master else rng.choice([3, 3, 4, 4, 4, 2] if rng.random() < 0.2 else [3, 4])
        ),
        "isced_f": rng.choice(["0613", "0612", "0714", "0213", "0414"]),
        "skills": ";".join(skills),
        "languages": "en:"
        + rng.choice(["B1", "B2", "B2", "C1", "C1"])
        + (";ja:B2" if rng.random() < 0.2 else ""),
        "available_from": rng.choice(["2026-06-15", "2026-07-01"]),
        "available_to": rng.choice(["2026-12-31", "2026-12-31", "2027-01-31", "2026-09-30"]),
        "adult": "yes",
        "needs_visa_support": "yes" if rng.random() < 0.7 else "no",
        "documents": ";".join(documents),
        "groups": "first_generation" if rng.random() < 0.25 else "",
        "consent": "yes",
        "received_on": f"2026-03-{rng.randint(2, 30):02}",
        "statement_en": f"I want to use {skills[0].replace('_', ' ')} for {topic[0]}.",
        "statement_zh": f"希望將所學應用於{topic[1]}。",
        "field": field,
    }


def list_places(
    rng: random.Random, student: dict[str, str], positions: list[dict[str, str]]
) -> list[dict[str, str]]:
    """Return the student's list: mostly her field, some hosts more popular than others."""

    def liking(p: dict[str, str]) -> float:
        shared = len({*student["skills"].split(";")} & {*p["skills"].split(";")})
        famous = 60 - int(p["id"][1:])
        return shared + 2.0 * (p["field"] == student["field"]) + famous / 80 + 2.5 * rng.random()

    scored = [(liking(p), p) for p in positions]
    best = [p for _, p in sorted(scored, key=lambda pair: (-pair[0], pair[1]["id"]))]
    wanted = best[: rng.randint(4, 9)]
    return [
        {"student": student["id"], "choice": str(k), "position": p["id"]} for k, p in enumerate(wanted, 1)
    ]


def rank_students(
    rng: random.Random,
    position: dict[str, str],
    students: list[dict[str, str]],
    choices: list[dict[str, str]],
) -> list[dict[str, str]]:
    """Return the host's ranking after interviews: grades in steps of five, so that some students are equal."""
    by_id = {s["id"]: s for s in students}
    grades: dict[str, int] = {}
    for row in choices:
        if row["position"] != position["id"]:
            continue
        shared = len({*by_id[row["student"]]["skills"].split(";")} & {*position["skills"].split(";")})
        grade = 50 + 10 * shared + rng.randint(0, 25)
        if grade >= 58:
            grades[row["student"]] = grade - grade % 5
    levels = sorted(set(grades.values()), reverse=True)
    return [
        {"position": position["id"], "rank": str(levels.index(g) + 1), "student": s}
        for s, g in sorted(grades.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def write(name: str, rows: list[dict[str, str]]) -> None:
    """Write one CSV file."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


CALL = """\
# An invented call for demonstration: no such programme year, student, host or place exists.
id = "talent-example-2026"
title = {{ en = "Talent circulation, summer 2026 (invented example)", zh = "人才循環交流 2026 夏季（虛構範例）" }}
example = true
regime = "tw-talent"
sending_countries = ["TW"]
receiving_countries = ["GB", "CZ", "NL", "JP"]
mechanism = "student-optimal-lottery"
unresolved = "leave_out"
confirmers = ["programme_officer", "observer"]

[dates]
opens = 2026-03-01
closes = 2026-03-31
rankings_due = 2026-04-20
results = 2026-05-04
answers_due = 2026-05-11
second_round = 2026-05-13
appeals_until = 2026-05-18

[lottery]
# published with the call
commitment = "{commitment}"
beacon_source = {{ en = "First draw of that day of an invented public lottery", zh = "某虛構公益彩券當日第一次開獎" }}
beacon_on = 2026-04-21
# added after all lists were closed
seed = "{seed}"
beacon = "invented public draw of 2026-04-21: 07 11 19 23 31 42"
"""

if __name__ == "__main__":
    main()
