"""``make soak``: races, kills and a long register, on both databases; bounded in time, on this machine alone.

    python -m benchmarks.soak [--races 1000] [--spectrum-races 200] [--kills 200] [--entries 1000000] [--golden 1000]

The work is that of the tests in ``tests/office`` and ``tests/golden`` with larger numbers; what it prints is what those
tests have checked: things given twice, acknowledged things lost, entries that do not verify, decisions that differ.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROCESSES = 8
BOUND_S = 1800


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--races", type=int, default=1000)
    options.add_argument("--spectrum-races", type=int, default=200)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--golden", type=int, default=1000)
    chosen = options.parse_args()
    good = True
    for name, url in _databases():
        for what, file, settings, count, verdict in (
            (
                f"races of {PROCESSES} processes",
                "office/test_races.py",
                {"COMITY_RACES": str(chosen.races)},
                chosen.races,
                "given twice: 0",
            ),
            (
                f"spectrum races of {PROCESSES} processes",
                "office/test_spectrum_desk.py",
                {
                    "COMITY_SPECTRUM_RACES": str(chosen.spectrum_races),
                    "COMITY_SPECTRUM_PROCESSES": str(PROCESSES),
                },
                chosen.spectrum_races,
                "granted twice: 0",
            ),
            (
                "kills",
                "office/test_kills.py",
                {"COMITY_KILLS": str(chosen.kills)},
                chosen.kills,
                "lost: 0, half-done: 0",
            ),
        ):
            good &= _row(name, count, what, verdict, *_tests(file, url, settings))
    every = max(1, 1000 // max(1, chosen.golden))
    passed, seconds = _tests("golden", "", {"COMITY_GOLDEN_EVERY": str(every)})
    good &= _row("golden", 1000 // every, "decisions replayed", "differ: 0", passed, seconds)
    return 0 if _long_log(chosen.entries) and good else 1


def _row(name: str, count: int, what: str, verdict: str, passed: bool, seconds: float) -> bool:
    told = verdict if passed else "FAILED, see above"
    print(f"{name:<11} {count:>7} {what:<30} {told:<24} {seconds:7.1f} s", flush=True)
    return passed


def _databases():
    yield "SQLite", ""
    import pgserver

    with tempfile.TemporaryDirectory(prefix="comity-soak-") as folder:
        server = pgserver.get_server(folder, cleanup_mode=None)
        try:
            yield "PostgreSQL", server.get_uri()
        finally:
            server.cleanup()


def _tests(file: str, url: str, settings: dict[str, str]) -> tuple[bool, float]:
    environment = os.environ | settings | ({"DATABASE_URL": url} if url else {})
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/{file}"]
    result = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=BOUND_S
    )
    if result.returncode:
        print(result.stdout[-3000:], result.stderr[-1000:], file=sys.stderr)
    return result.returncode == 0, time.monotonic() - begun


def _long_log(count: int) -> bool:
    from comity.register.log import Log
    from comity.register.note import Signer
    from comity.register.verify import verify_log

    with tempfile.TemporaryDirectory(prefix="comity-soak-") as folder:
        log = Log(Path(folder), Signer("soak.example/register", bytes(range(32))))
        log.create()
        for start in range(0, count, 20_000):
            stop = min(start + 20_000, count)
            log.append(
                [b'{"case":"X-%d","kind":"granted","record":"%064d"}' % (i, i) for i in range(start, stop)]
            )
        begun = time.process_time()
        result = verify_log(log.folder, log.signer.verifier)
        seconds = time.process_time() - begun
    return _row("register", count, "entries verified", "sound", result.sound, seconds)


if __name__ == "__main__":
    raise SystemExit(main())
