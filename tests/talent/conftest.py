"""A call of four students and three positions, small enough to work by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.matching.lottery import commit

SEED = "seed-of-the-test-call-0123456789abcdef"
CALL = f"""\
id = "test-2026"
title = {{ en = "Test call", zh = "測試徵件" }}
example = true
sending_countries = ["TW"]
receiving_countries = ["GB", "CZ"]
mechanism = "student-optimal-lottery"
unresolved = "leave_out"

[dates]
opens = 2026-03-01
closes = 2026-03-31
rankings_due = 2026-04-20
results = 2026-05-04

[lottery]
commitment = "{commit(SEED)}"
seed = "{SEED}"
beacon = "draw"
"""
HOSTS = """\
id,name_en,name_zh,country,vetted
HA,Alpha,甲公司,GB,yes
HB,Beta,乙公司,CZ,yes
"""
POSITIONS = """\
id,host,title_en,title_zh,field,skills,seats,mode,starts,ends,languages,eqf_min,pay_per_month,currency,visa_support,about_en,about_zh
PX,HA,AI,人工智慧,ai,python;nlp,1,on_site,2026-07-01,2026-08-31,en:B2,6,900,GBP,yes,Work on language,語言處理
PY,HA,Networks,網路,smart_network,5g;linux,1,hybrid,2026-07-01,2026-08-31,en:B1,6,,GBP,yes,Work on radio,無線網路
PZ,HB,Data,資料,data_science,sql,2,remote,2026-07-01,2026-08-31,en:B1,7,800,EUR,yes,Work on tables,資料表
"""
STUDENTS = """\
id,country,institution,enrolled,eqf_level,study_year,isced_f,skills,languages,available_from,available_to,adult,needs_visa_support,documents,groups,consent,received_on,statement_en,statement_zh
S1,TW,U,yes,6,4,0613,python,en:B2,2026-06-15,2026-09-30,yes,yes,D1;D2;D3;D4,,yes,2026-03-05,I like language,語言
S2,TW,U,yes,7,1,0613,5g;sql,en:C1,2026-06-15,2026-09-30,yes,yes,D1;D2;D3;D4,,yes,2026-03-05,,
S3,TW,U,yes,6,4,0714,5g,en:B1,2026-06-15,2026-09-30,yes,no,D1;D2;D3;D4,,yes,2026-03-05,,
S4,TW,U,yes,6,4,0714,5g,en:B1,2026-06-15,2026-09-30,yes,no,D1;D2;D4,,yes,2026-03-05,,
"""
CHOICES = """\
student,choice,position
S1,1,PX
S1,2,PY
S2,1,PX
S2,2,PZ
S3,1,PX
S3,2,PY
S4,1,PY
"""
RANKINGS = """\
position,rank,student
PX,1,S2
PX,2,S1
PX,3,S3
PY,1,S3
PY,1,S1
PY,2,S4
PZ,1,S2
"""


@pytest.fixture
def call_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "call"
    folder.mkdir()
    for name, text in (
        ("call.toml", CALL),
        ("hosts.csv", HOSTS),
        ("positions.csv", POSITIONS),
        ("students.csv", STUDENTS),
        ("choices.csv", CHOICES),
        ("rankings.csv", RANKINGS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder
