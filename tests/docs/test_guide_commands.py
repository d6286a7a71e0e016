"""The commands of README and guide name files that are there, and write only where Git does not look."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs/guide").glob("*.md"))]


def _commands(page: Path) -> list[str]:
    """Every shell command of a page, without its comment."""
    blocks = re.findall(r"```(?:console|bash|sh)\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    lines = (line.removeprefix("$ ") for block in blocks for line in block.splitlines())
    return [line.partition("  #")[0] for line in lines if line.startswith("comity ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_example_that_a_page_names_is_there(page) -> None:
    named = re.findall(r"examples/[\w./-]*[\w]", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_command_on_examples_writes_is_ignored_by_git(page) -> None:
    ignored = set((ROOT / ".gitignore").read_text(encoding="utf-8").split())
    commands = [line for line in _commands(page) if "examples/" in line or "--latitude" in line]
    written = [re.findall(r"--(?:out|resume) ([\w-]+)", line) for line in commands]
    assert [name for names in written for name in names if f"/{name}/" not in ignored] == []


def test_the_commands_are_found_at_all() -> None:
    assert sum(len(_commands(page)) for page in PAGES) > 20
