"""The words of the office's verbs in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.cli._office import said

if TYPE_CHECKING:
    from comity.rules.text import Language

#: By key: English, Traditional Chinese.
WORDS: dict[str, tuple[str, str]] = {
    "applicant": ("applicant", "申請人"),
    "officer": ("officer", "承辦人"),
    "panel": ("panel", "申訴審議小組"),
    "clock": ("passage of time", "期間屆滿"),
    "authority": ("authority", "主管機關"),
    "nobody": ("nobody", "無"),
    "case": ("Case", "案號"),
    "state": ("State", "狀態"),
    "waits_for": ("Waits for", "待辦者"),
    "due": ("Due", "期限"),
    "what": ("What", "事項"),
    "received": ("received", "收件"),
    "waits": ("waits for", "待辦者"),
    "decision": ("decision", "決定"),
    "last_decision": ("last decision", "前次決定"),
    "award": ("award", "核准"),
    "settled": ("settled", "已認定"),
    "varies": ("varies", "變更"),
    "varied_by": ("varied by", "變更案"),
    "changes": ("changes", "變更項目"),
    "proposed_by": ("revocation proposed by", "提議廢止者"),
    "note": ("NOTE", "注意"),
    "deadlines": ("Deadlines", "期限"),
    "possible": ("Possible now", "目前可執行"),
    "not_now": ("Not now", "目前不得執行"),
    "happened": ("What happened", "辦理經過"),
    "register": ("Register", "登記簿"),
    "closes": ("closes the case or puts it in force", "結案或生效"),
    "through": ("entered by", "登錄者"),
    "account": ("account", "帳號"),
    "empty": ("nothing waits", "無待辦事項"),
    "window": ("opens", "起"),
    "would": ("only looked at; nothing was done", "僅預覽，未執行"),
    "entries": ("register entries", "登記簿紀錄"),
    "met": ("no longer runs", "不再進行之期限"),
    "set": ("begins to run", "開始進行之期限"),
    "none": ("none", "無"),
    "final": ("No other step takes this back.", "本步驟執行後無法回復。"),
    "pending": ("reserved", "保留"),
    "in_force": ("in force", "有效"),
    "ended": ("ended", "終止"),
}


def word(key: str, language: Language) -> str:
    """Return a word; what has none stays as it is."""
    pair = WORDS.get(key)
    return key if pair is None else pair[0 if language == "en" else 1]


def state_of(row: dict[str, Any], language: Language) -> str:
    """Return the name of the state of a case."""
    return said(row["state_name"], language)


def state_name(state: str, language: Language) -> str:
    """Return the name of a state of a case."""
    from comity.casework.workflow import WORKFLOW, State

    return WORKFLOW.names[State(state)].in_language(language)


def days_left(row: dict[str, Any], language: Language) -> str:
    """Return in how many days something is due."""
    days = row["days_left"]
    if days < 0:
        return f"{-days} days overdue" if language == "en" else f"逾期 {-days} 日"
    return f"in {days} days" if language == "en" else f"尚餘 {days} 日"
