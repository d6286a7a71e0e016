"""``comity conformance``: prove on your own machine that the models agree with published reference cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comity.errors import MissingError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.propagation.conformance import Difference, Report

HELP = "Run published reference cases through the models; exit 1 when one misses its tolerance."

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

_Profiles = Annotated[Path, typer.Option(help="folder of profiles")]
_Results = Annotated[Path, typer.Option(help="folder of expected results")]
_Files = Annotated[list[Path], typer.Argument(help="CSV files, or folders of them")]
_Tolerance = Annotated[
    float | None, typer.Option(min=0.0, help="greatest accepted difference (default: published)")
]
_Json = Annotated[bool, typer.Option("--json", help="print JSON")]

_SHOWN_MISSES = 20
#: Where a checkout of the project has the published cases.
_CASES = Path("tests/reference/data")


@app.callback()
def every_model(context: typer.Context) -> None:
    """Run published reference cases through the models; exit 1 when one misses its tolerance.

    Without a model: every case in tests/reference/data of a checkout of the project, one line a model.
    """
    if context.invoked_subcommand is not None:
        return
    passed = True
    for report in _reports(_cases_folder()):
        verdict = "passed" if report.passed else f"FAILED: {len(report.misses)} values beyond the tolerance"
        unit = _unit_words(report)
        worst = "".join(
            f", worst {d.difference:.1e} of {d.accepted:.1e} {unit} accepted" for d in report.worst[:1]
        )
        typer.echo(f"{report.model}: {report.cases} cases{worst}: {verdict}")
        passed = passed and report.passed
    raise typer.Exit(0 if passed else 1)


def _cases_folder() -> Path:
    """Return the cases of the checkout around this folder or around these sources."""
    places = (Path.cwd() / _CASES, Path(__file__).parents[3] / _CASES)
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        hint = f"run in a checkout of the project, whose {_CASES} has them; or name a model and your files"
        problem = Problem(str(places[0]), "is not there; an installed package has no cases", hint)
        raise MissingError("no reference cases", [problem])
    return found


def _reports(folder: Path) -> Iterator[Report]:
    from comity.propagation import conformance_itm, conformance_p452, conformance_p1812, conformance_rows

    for name, module in (("p452", conformance_p452), ("p1812", conformance_p1812)):
        yield module.run(folder / name / "profiles", folder / name / "results")
    yield conformance_rows.run_p2108([folder / "p2108"])
    yield conformance_rows.run_p2109([folder / "p2109"])
    yield conformance_rows.run_p676([folder / "p676"])
    yield conformance_itm.run([folder / "itm" / "ntia"])


@app.command("p452", help="P.452-18: profiles and results in the layout of Study Group 3's examples.")
def p452(
    profiles: _Profiles, results: _Results, tolerance: _Tolerance = None, as_json: _Json = False
) -> None:
    """Compare every loss of every case [dB]."""
    from comity.propagation import conformance_p452 as cases

    _show(cases.run(profiles, results, cases.TOLERANCE_DB if tolerance is None else tolerance), as_json)


@app.command("p1812", help="P.1812-8: measurement files and logs in the layout of Study Group 3's examples.")
def p1812(
    profiles: _Profiles, results: _Results, tolerance: _Tolerance = None, as_json: _Json = False
) -> None:
    """Compare the loss of every case and the intermediates of its log [dB]."""
    from comity.propagation import conformance_p1812 as cases

    _show(cases.run(profiles, results, cases.TOLERANCE_DB if tolerance is None else tolerance), as_json)


@app.command("p2108", help="P.2108-1: NTIA's rows of the three clutter models, with their return codes.")
def p2108(files: _Files, tolerance: _Tolerance = None, as_json: _Json = False) -> None:
    """Compare losses [dB]; rows with a return code must be refused."""
    from comity.propagation import conformance_rows as cases

    _show(cases.run_p2108(files, cases.P2108_TOLERANCE_DB if tolerance is None else tolerance), as_json)


@app.command("p2109", help="P.2109-2: rows of building entry loss.")
def p2109(files: _Files, tolerance: _Tolerance = None, as_json: _Json = False) -> None:
    """Compare losses [dB]."""
    from comity.propagation import conformance_rows as cases

    _show(cases.run_p2109(files, cases.P2109_TOLERANCE_DB if tolerance is None else tolerance), as_json)


@app.command("p676", help="P.676-13: rows of specific attenuation.")
def p676(files: _Files, tolerance: _Tolerance = None, as_json: _Json = False) -> None:
    """Compare specific attenuations, relative to the expected value."""
    from comity.propagation import conformance_rows as cases

    _show(cases.run_p676(files, cases.P676_TOLERANCE if tolerance is None else tolerance), as_json)


@app.command("itm", help="ITM 1.4: NTIA's point-to-point (with pfls.csv beside) and area cases.")
def itm(files: _Files, tolerance: _Tolerance = None, as_json: _Json = False) -> None:
    """Compare losses [dB]."""
    from comity.propagation import conformance_itm as cases

    _show(cases.run(files, cases.TOLERANCE_DB if tolerance is None else tolerance), as_json)


@app.command("gpu", help="The GPU: P.452-18, P.1812-8 and an area on it and on the CPU, bit for bit.")
def gpu(
    store: Annotated[Path | None, typer.Option(help="terrain store")] = None, as_json: _Json = False
) -> None:
    """Compare losses [dB] and time both; exit 3 where there is no GPU."""
    import json
    from dataclasses import asdict

    from comity.coordination import conformance_gpu
    from comity.propagation.cuda.device import open_gpu
    from comity.terrain import open_ground

    device = open_gpu()
    found = conformance_gpu.run(device, open_ground(store))
    if as_json:
        print(
            json.dumps({"device": device.name, "cases": [asdict(case) | {"ok": case.ok} for case in found]})
        )
    else:
        print(device.name)
        for case in found:
            print(
                f"  {case.name}: {case.same_bits:,} of {case.count:,} the same to the last bit, greatest difference "
                f"{case.greatest_db:.3g} dB; {case.count / case.gpu_s:,.0f}/s, the CPU {case.count / case.cpu_s:,.0f}/s"
            )
    raise typer.Exit(0 if all(case.ok for case in found) else 1)


def _show(report: Report, as_json: bool) -> None:
    """Print a report and leave with 0 when every case passed, else 1."""
    if as_json:
        import json

        typer.echo(json.dumps(_as_dict(report), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(report)))
    raise typer.Exit(0 if report.passed else 1)


def _as_dict(report: Report) -> dict[str, object]:
    return {
        "model": report.model,
        "cases": report.cases,
        "tolerance": report.tolerance,
        "unit": _unit(report),
        "passed": report.passed,
        "worst": [_difference(difference) for difference in report.worst],
        "misses": [_difference(difference) for difference in report.misses],
    }


def _difference(difference: Difference) -> dict[str, object]:
    """Return a difference with numbers that JSON has."""
    import dataclasses
    import math

    values = dataclasses.asdict(difference)
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in values.items()}


def _unit(report: Report) -> str:
    return "1" if report.relative else "dB"


def _unit_words(report: Report) -> str:
    return "relative" if report.relative else "dB"


def _lines(report: Report) -> list[str]:
    unit = _unit_words(report)
    lines = [f"{report.model}: {report.cases} cases, tolerance {report.tolerance:g} {unit}"]
    if report.worst:
        lines.append(f"  {'quantity':<18} {'worst':<9} {'accepted':<9} where")
    lines += [f"  {d.quantity:<18} {d.difference:<9.2e} {d.accepted:<9.2e} {d.place}" for d in report.worst]
    if any(d.accepted > report.tolerance for d in report.worst):
        lines.append("  accepted: the tolerance, and what the rounding of the printed numbers can make")
    for miss in report.misses[:_SHOWN_MISSES]:
        lines.append(
            f"  MISS {miss.quantity}: {miss.place}: expected {miss.expected:.10g}, found {miss.found:.10g}"
        )
    if len(report.misses) > _SHOWN_MISSES:
        lines.append(f"  ... and {len(report.misses) - _SHOWN_MISSES} more")
    lines.append("passed" if report.passed else f"FAILED: {len(report.misses)} values beyond the tolerance")
    return lines
