"""What a decided case leaves on disk: the decision, the register it met, and the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.casework.decision import Decision
    from comity.casework.world import World


def write_decision(decision: Decision, world: World, folder: Path, register: Path | None) -> list[Path]:
    """Write everything into ``folder``, all of it or nothing, and return what there now is."""
    from comity.casework.document import to_bytes
    from comity.casework.files import whole_folder
    from comity.programmes import optional_part

    report = optional_part(decision.programme, "report")
    with whole_folder(folder) as new:
        (new / "decision.json").write_bytes(to_bytes(decision))
        if register is not None and register.is_file():
            (new / f"register{register.suffix}").write_bytes(register.read_bytes())
        if report is not None:
            report.write_report(decision, world, new)
        names = sorted(p.relative_to(new) for p in new.rglob("*") if p.is_file())
    return [folder / name for name in names]
