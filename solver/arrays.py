"""Names of array types, and counts of mask bits as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def prefix(mask: int, ticks: int) -> Ints:
    """Number of set bits below each tick, 0 … ticks."""
    raw = np.frombuffer((mask & ((1 << ticks) - 1)).to_bytes(ticks // 8 + 1, "little"), dtype=np.uint8)
    bits = np.unpackbits(raw, bitorder="little")[:ticks]
    return np.concatenate(([0], np.cumsum(bits, dtype=np.int64)))
