"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from typing import Any

import hopfield as hf
from hopfield.engine.compiled import available

from .peers import PACKAGES, version

KNOWN = (
    "sse4_2",
    "avx",
    "avx2",
    "fma",
    "avx_vnni",
    "avx512f",
    "avx512bw",
    "avx512_vnni",
    "avx512_bitalg",
    "avx512_vpopcntdq",
    "neon",
    "asimd",
    "sve",
    "amx_tile",
)


def describe() -> dict[str, Any]:
    """Return the machine, its instruction sets, and the versions of all that took part."""
    model, flags = _processor()
    packages = sorted({"numpy", "scipy", *PACKAGES.values()})
    return {
        "processor": model,
        "architecture": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "flags": [name for name in KNOWN if name in flags],
        "kernels": "numba" if available() else "numpy",
        "versions": {
            "python": platform.python_version(),
            "hopfield": hf.__version__,
            **{name: version(name) for name in packages},
        },
    }


def _processor() -> tuple[str, set[str]]:
    """Return the processor's name and flags, as the system gives them or as LLVM does."""
    fields: dict[str, str] = {}
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                key, _, value = line.partition(":")
                fields.setdefault(key.strip().lower(), value.strip())
    except OSError:
        pass
    flags = set((fields.get("flags") or fields.get("features") or "").split())
    if not flags and available():
        from llvmlite import binding

        features = binding.get_host_cpu_features()
        flags = {name.replace("sse4.2", "sse4_2") for name, on in features.items() if on}
    return fields.get("model name") or platform.processor() or platform.machine(), flags
