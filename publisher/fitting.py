"""The one linear model of this package's lessons: logistic regression with a ridge, the same for the same data."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

_RIDGE: Final = 0.02
_ROUNDS: Final = 300

Floats = NDArray[np.float64]


def fitted(features: csr_matrix, wanted: NDArray[np.bool_], counts: Floats) -> Floats:
    """Weights of the columns of `features`, whose last is the constant; `counts` is what each row counts for."""
    signs = np.where(wanted, 1.0, -1.0)
    ridge = np.full(features.shape[1], _RIDGE)
    ridge[-1] = 0.0

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = signs * (features @ weights)
        slope = -signs * counts * expit(-margins)
        value = (counts * np.logaddexp(0, -margins)).sum() + 0.5 * (ridge * weights * weights).sum()
        return float(value), features.T @ slope + ridge * weights

    start = np.zeros(features.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x)
