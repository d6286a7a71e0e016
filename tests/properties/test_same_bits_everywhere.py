"""One link, one answer: the losses have the same bits whatever instructions the processor offers."""

import platform
import shutil
from collections.abc import Callable
from pathlib import Path

import llvmlite.binding as llvm
import pytest
from numba.core import caching

from comity.propagation import _compiled, _links

PROGRAM = """
import hashlib
import numpy as np
from comity.propagation import p452, p1812
from comity.propagation.paths import Paths

n, m = 400, 60
rng = np.random.default_rng(20261122)
length = np.exp(rng.uniform(np.log(0.3), np.log(900), n))
d = (length[:, None] * np.linspace(0, 1, m)).ravel()
zone = np.sort(rng.integers(1, 4, (n, m))).astype(np.int8).ravel()
h = np.where(zone == 3, 0.0, np.abs(np.cumsum(rng.normal(0, 9, (n, m)), axis=1)).ravel() + 20)
cover = np.where(zone == 3, 0.0, rng.choice([0.0, 15.0], n * m))
ends = [rng.uniform(-80, 80, n), rng.uniform(-180, 180, n), rng.uniform(-80, 80, n), rng.uniform(-180, 180, n)]
paths = Paths(np.arange(n + 1) * m, d, h, cover, zone, *ends)
f, percent = np.exp(rng.uniform(np.log(200), np.log(5900), n)), np.array([[1.0, 7.0, 20.0, 50.0]])
site = dict(tx_height_m=rng.uniform(2, 90, n), rx_height_m=rng.uniform(2, 90, n), dn=rng.uniform(30, 90, n), n0=330.0)
digest = hashlib.sha256()
for model in (p452, p1812):
    losses, found = model.basic_transmission_loss(paths, f, percent, intermediates=True, **site)
    for values in (losses, *found.values()):
        assert np.isfinite(values).all()
        digest.update(values.tobytes())
print(digest.hexdigest())
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names processors of one family")
def test_sse2_avx2_and_avx512_code_give_the_same_bits(printed_on: Callable[[str, str], str]) -> None:
    processors = [llvm.get_host_cpu_name(), "generic"]
    if llvm.get_host_cpu_features().get("avx2"):
        processors.append("haswell")
    assert len({printed_on(PROGRAM, processor) for processor in processors}) == 1


def test_a_kernel_on_disk_is_valid_for_one_state_of_the_package_only(tmp_path: Path) -> None:
    sources = Path(_compiled.__file__).parent
    copy = tmp_path / "propagation"
    shutil.copytree(sources, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert _compiled.package_stamp(copy) == _compiled.PACKAGE_STAMP
    changed = copy / "_combination.py"
    changed.write_text(changed.read_text().replace("2.515516698", "2.515517"))
    assert _compiled.package_stamp(copy) != _compiled.PACKAGE_STAMP
    assert _compiled.PACKAGE_STAMP in _links.run_blocks._cache._cache_file._source_stamp


def test_kernels_compile_where_nothing_may_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])

    def twice(x: float) -> float:
        return 2.0 * x

    assert _compiled.kernel(twice)(21.0) == 42.0
    assert _compiled.universal(twice)(21.0) == 42.0


def test_kernels_are_not_compiled_with_fast_mathematics() -> None:
    options = _links.run_blocks.targetoptions
    assert not options.get("fastmath", False)
