"""Every verb, setting and rule is documented, and what is printed is current."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_command_line_page_is_current() -> None:
    from comity.cli._reference import as_markdown

    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    assert page == as_markdown(), "run: python -m comity.cli._reference > docs/reference/cli.md"


def test_every_verb_says_what_it_does_and_what_its_options_mean() -> None:
    from comity.cli._reference import commands

    for name, command in commands():
        assert command.help, name
        for parameter in command.params:
            assert getattr(parameter, "help", ""), f"{name}: {parameter.name} has no help"


def test_every_setting_of_the_environment_is_documented() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    used = set()
    for path in (ROOT / "src/comity").rglob("*.py"):
        used |= set(re.findall(r"[\"'](COMITY_[A-Z_]+|DATABASE_URL)[\"']", path.read_text(encoding="utf-8")))
    assert used
    assert {name for name in used if f"`{name}`" not in page} == set()


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['comity', '--help']\n"
        "from comity.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'numba', 'scipy', 'rasterio', 'dask', 'zarr', 'shapely', 'pyproj', 'pydantic', 'django'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip().endswith("HEAVY []")


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme
