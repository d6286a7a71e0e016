"""A built wheel, without the source tree beside it, decides the example."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_an_installed_wheel_decides_the_example(tmp_path: Path) -> None:
    """Only the wheel is installed; what it depends on is lent by this environment."""
    built = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
                "-w", tmp_path, ROOT, cwd=tmp_path)  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("comity-*.whl")
    venv.create(tmp_path / "empty", with_pip=False)
    python = tmp_path / "empty" / "bin" / "python"
    site = Path(
        run(
            python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path
        ).stdout.strip()
    )
    installed = run(
        sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, wheel, cwd=tmp_path
    )
    assert installed.returncode == 0, installed.stderr
    # Path entries of a .pth file come after the wheel's own, and the editable install's hook is not among them.
    lent = site / "lent"
    lent.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "comity" not in entry.name:
            (lent / entry.name).symlink_to(entry)
    (site / "lent.pth").write_text(str(lent) + "\n")

    for name in ("tw-hsinchu-fab.toml", "tw-hsinchu-register.csv"):
        (tmp_path / name).write_bytes((ROOT / "examples" / name).read_bytes())
    example = tmp_path / "tw-hsinchu-fab.toml"
    script = "import sys, comity; assert 'empty' in comity.__file__; from comity.cli import main; main()"
    decided = run(python, "-c", script, "decide", example, "--json", "--on", "2026-03-02", cwd=tmp_path)
    assert decided.returncode == 0, decided.stderr
    assert json.loads(decided.stdout)["outcome"] == "granted_with_conditions"
