"""Ridge regression of many columns at once on a sparse matrix, by conjugate gradients (Hestenes and Stiefel 1952)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

STEPS = 60
NEAR = 4e-3


def ridge(rows: Any, across: Any, weigh: Floats, wanted: Floats, counted: Floats, penalty: float) -> Floats:
    """Weights (features × columns) that bring ``rows`` × weights near ``wanted`` on the rows that are ``counted``.

    ``rows`` is a sparse matrix and ``across`` its transpose; ``weigh`` (features × columns, or × 1) multiplies its columns first; ``counted``
    (rows × columns) is 1 where a row takes part in a column's fit and 0 where it is left out. Solved in the dual:
    (K + penalty) a = wanted on the counted rows, K the inner products, until every column's residual has
    shrunk to ``NEAR`` of itself; the weights are rowsᵀ a.
    """
    import numpy as np

    squared = weigh * weigh
    dual = np.zeros_like(wanted)
    left = wanted * counted
    step = left.copy()
    size = np.einsum("ij,ij->j", left, left, dtype=np.float64)
    enough = size * NEAR**2
    for _step in range(STEPS):
        if (size <= enough).all():
            break
        image = (rows @ (squared * (across @ step)) + np.float32(penalty) * step) * counted
        reach = np.einsum("ij,ij->j", step, image, dtype=np.float64)
        far = np.divide(size, reach, out=np.zeros_like(size), where=reach > 0).astype(np.float32)
        dual += far * step
        left -= far * image
        before, size = size, np.einsum("ij,ij->j", left, left, dtype=np.float64)
        turn = np.divide(size, before, out=np.zeros_like(size), where=before > 0).astype(np.float32)
        step = left + turn * step
    weights: Floats = squared * (across @ dual)
    return weights
