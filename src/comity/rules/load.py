"""Reading rule packs: folders of small TOML files.

A pack is a folder with ``pack.toml`` (identity, sources, the order of its files) and the files it names. The
packs of comity lie in ``comity/rules/packs``; a pack of your own is any folder, given by its path. A draft says
``extends = "tw-mbd"`` and holds only what it changes: a fact or rule of the same id replaces the one below.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from comity.errors import ComityError, MissingError, Problem
from comity.rules.canonical import content_hash
from comity.rules.fact import Fact
from comity.rules.pack import Clock, Formula, Rule, RulePack, Source
from comity.rules.parts import read_clock, read_fact, read_formula, read_rule, read_source, read_word
from comity.rules.problems import Collector
from comity.rules.text import Text

PACKS = Path(__file__).parent / "packs"
_META = (
    "id",
    "revision",
    "title",
    "country",
    "authoritative_language",
    "programme",
    "counting",
    "read_as_of",
)
_SECTIONS = ("fact", "rule", "formula", "clock", "source", "word")


def pack_folders(root: Path = PACKS) -> Iterator[Path]:
    """Yield every folder below ``root`` that holds a ``pack.toml``, in order of name."""
    for file in sorted(root.glob("*/pack.toml")):
        yield file.parent


def list_packs(root: Path = PACKS) -> list[RulePack]:
    """Return the newest revision of every pack below ``root``, ordered by id."""
    newest: dict[str, RulePack] = {}
    for folder in pack_folders(root):
        pack = load_folder(folder)
        if pack.id not in newest or newest[pack.id].revision < pack.revision:
            newest[pack.id] = pack
    return [newest[key] for key in sorted(newest)]


def load_pack(regime: str, revision: int | None = None) -> RulePack:
    """Return a rule pack by regime id (``"tw-mbd"``), or from a folder of your own by its path.

    Parameters
    ----------
    regime : id of a shipped pack, or path of a folder that holds ``pack.toml``, with a slash in it
        (``"./draft"``): an id in an application can thus never reach a folder
    revision : revision to load; the newest if left out
    """
    if "/" in regime or os.sep in regime:
        return load_folder(Path(regime))
    found = [load_folder(f) for f in pack_folders() if _identity(f)[0] == regime]
    if revision is not None:
        found = [pack for pack in found if pack.revision == revision]
    if not found:
        known = ", ".join(sorted({_identity(f)[0] for f in pack_folders()}))
        name = regime if revision is None else f"{regime} revision {revision}"
        problem = Problem("regime", f"{name!r} is not known", f"{known}, or a folder as ./draft")
        raise MissingError("no such rule pack", (problem,))
    return max(found, key=lambda pack: pack.revision)


@lru_cache(maxsize=64)
def _identity(folder: Path) -> tuple[str, int]:
    meta = _read_toml(folder / "pack.toml")
    return str(meta.get("id", "")), int(meta.get("revision", 0))


def load_folder(folder: Path) -> RulePack:
    """Return the pack in ``folder``; every problem of every file is reported in one pass."""
    stamp = tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in sorted(folder.glob("*.toml")))
    return _load(folder.resolve(), stamp)


@lru_cache(maxsize=64)
def _load(folder: Path, _stamp: tuple[tuple[str, int, int], ...]) -> RulePack:
    meta = _read_toml(folder / "pack.toml")
    collector = Collector(f"{folder.name}/pack.toml")
    for key in _META:
        if key not in meta and "extends" not in meta:
            collector.add(key, "is missing", "see docs/guide/policy.md")
    content: dict[str, list[dict[str, Any]]] = {section: [] for section in _SECTIONS}
    content["source"] = [{"id": key, **value} for key, value in meta.get("sources", {}).items()]
    parts: dict[str, list[Any]] = {section: [] for section in _SECTIONS}
    parts["source"] = [read_source(raw, collector) for raw in content["source"]]
    for name in meta.get("files", []):
        _read_part_file(folder / name, content, parts, collector)
    collector.raise_if_any(f"rule pack {folder.name} cannot be used")
    digest = content_hash({"meta": {k: v for k, v in meta.items() if k != "sources"}, **content})
    pack = _assemble(meta, parts, digest)
    return pack


def _read_part_file(
    path: Path, content: dict[str, list[dict[str, Any]]], parts: dict[str, list[Any]], outer: Collector
) -> None:
    collector = Collector(f"{path.parent.name}/{path.name}")
    readers = {
        "fact": read_fact,
        "rule": read_rule,
        "formula": read_formula,
        "clock": read_clock,
        "word": read_word,
    }
    data = _read_toml(path)
    for section, entries in data.items():
        if section not in readers or not isinstance(entries, list):
            collector.add(section, "is not a section of a rule pack", ", ".join(f"[[{s}]]" for s in readers))
            continue
        for raw in entries:
            content[section].append(raw)
            parts[section].append(readers[section](raw, collector))
    outer.absorb(collector)


def _assemble(meta: Mapping[str, Any], parts: dict[str, list[Any]], digest: str) -> RulePack:
    base = load_pack(str(meta["extends"])) if "extends" in meta else None
    sources: dict[str, Source] = {source.id: source for source in parts["source"]}
    known = sources if base is None else {**base.sources, **sources}
    series: dict[str, list[Fact]] = {}
    for fact in parts["fact"]:
        named = replace(fact, citation=spell_out(fact.citation, known), source=_source_id(fact.citation))
        series.setdefault(fact.id, []).append(named)
    facts = {fact_id: tuple(values) for fact_id, values in series.items()}
    rules: tuple[Rule, ...] = _cited(parts["rule"], known)
    formulas: tuple[Formula, ...] = _cited(parts["formula"], known)
    clocks: tuple[Clock, ...] = _cited(parts["clock"], known)
    if base is not None:
        title = meta.get("title", {})
        return replace(
            base,
            id=str(meta.get("id", f"{base.id}-draft")),
            revision=int(meta.get("revision", 0)),
            title=Text(str(title.get("en", base.title.en)), str(title.get("zh", base.title.zh))),
            sources=known,
            facts={**base.facts, **facts},
            rules=_overlay(base.rules, rules, tuple(meta.get("without", ()))),
            formulas=_overlay(base.formulas, formulas, ()),
            clocks=_overlay(base.clocks, clocks, ()),
            words={**base.words, **dict(parts["word"])},
            sha256=content_hash([base.sha256, digest]),
        )
    return RulePack(
        id=str(meta["id"]),
        revision=int(meta["revision"]),
        title=Text(str(meta["title"]["en"]), str(meta["title"]["zh"])),
        country=str(meta["country"]),
        authoritative_language=str(meta["authoritative_language"]),
        programme=str(meta["programme"]),
        counting=str(meta["counting"]),
        read_as_of=meta["read_as_of"],
        sources=sources,
        facts=facts,
        rules=rules,
        formulas=formulas,
        clocks=clocks,
        words=dict(parts["word"]),
        sha256=digest,
        scope=str(meta.get("scope", "full")),
    )


def _source_id(citation: str) -> str:
    return citation.split(" ", 1)[0]


def spell_out(citation: str, sources: Mapping[str, Source]) -> str:
    """Return a citation with its sources by name: ``"MBD Art. 18(2)"`` as an outsider can read it."""
    parts = []
    for part in citation.split("; "):
        name, _, rest = part.partition(" ")
        source = sources.get(name)
        parts.append(part if source is None else f"{source.short} {rest}".rstrip())
    return "; ".join(parts)


def _cited(entries: list[Any], sources: Mapping[str, Source]) -> tuple[Any, ...]:
    cited = []
    for entry in entries:
        if entry is not None:
            code = entry.dated.citation
            dated = replace(entry.dated, citation=spell_out(code, sources), source=_source_id(code))
            cited.append(replace(entry, dated=dated))
    return tuple(cited)


def _overlay(below: tuple[Any, ...], above: tuple[Any, ...], without: tuple[str, ...]) -> tuple[Any, ...]:
    """Replace in place what ``above`` redefines, drop ``without``, append what is new."""
    changed = {part.id for part in above}
    kept: list[Any] = []
    placed: set[str] = set()
    for part in below:
        if part.id in changed:
            if part.id not in placed:
                kept.extend(p for p in above if p.id == part.id)
                placed.add(part.id)
        elif part.id not in without:
            kept.append(part)
    kept.extend(p for p in above if p.id not in placed)
    return tuple(kept)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MissingError(f"rule pack file {path} is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ComityError(
            "this rule pack cannot be read", (Problem(str(path), str(error), "TOML in UTF-8"),)
        ) from None
