"""What a GPU is given to run: compiled by Numba CUDA's own dispatcher, each product and each sum rounded on its own."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from unittest.mock import patch

import pytest

pytest.importorskip("numba_cuda", reason="compiles for CUDA; no GPU is needed")
from numba import cuda
from numba.cuda import codegen, dispatcher
from ptx_device import CAPABILITY

from comity.errors import ComityError
from comity.propagation.cuda import device as devices
from comity.propagation.cuda import lowering
from comity.terrain.cuda import _kernels


@pytest.fixture
def gpu() -> devices.CudaDevice:
    """A GPU of which only the compiler is asked for anything."""
    lowering.register()
    shown = SimpleNamespace(name=b"a GPU", MULTIPROCESSOR_COUNT=7, compute_capability=CAPABILITY)
    with (
        patch.object(cuda, "is_available", lambda: True),
        patch.object(cuda, "get_current_device", lambda: shown),
        patch.object(dispatcher, "get_current_device", lambda: shown),
        patch.object(dispatcher._Kernel, "bind", lambda self: None),
        patch.object(codegen.CUDACodeLibrary, "_ensure_cc", lambda self, cc: (*CAPABILITY, "")),
    ):
        yield devices.CudaDevice()


def test_a_gpu_is_named_and_kept_busy(gpu: devices.CudaDevice) -> None:
    assert gpu.name == "a GPU" and gpu.blocks == 35


def test_the_dispatcher_compiles_without_contraction(gpu: devices.CudaDevice) -> None:
    compiled = gpu._compile(_kernels().measure)
    (made,) = compiled.overloads.values()
    assert "mul.rn.f64" in made.library.get_asm_str()
    assert made.library.get_cubin().code[:4] == b"\x7fELF"  # what a GPU of this capability is given to run


def test_a_compiler_that_contracts_is_refused(gpu: devices.CudaDevice) -> None:
    with (
        patch.object(devices, "without_contraction", lambda module: nullcontext()),
        pytest.raises(ComityError, match="contracts products and sums"),
    ):
        gpu._compile(_kernels().measure)
