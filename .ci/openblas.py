"""Fail unless NumPy's matrix product runs on the OpenBLAS kernel that is named."""

import sys

import numpy as np
from threadpoolctl import threadpool_info

np.ones((8, 8)) @ np.ones((8, 8))
names = {"Katmai": "Prescott"}  # OpenBLAS has one kernel for both, and calls it by the older name
kernels = {
    names.get(library["architecture"], library["architecture"])
    for library in threadpool_info()
    if library["internal_api"] == "openblas"
}
print(f"OpenBLAS runs on {', '.join(sorted(kernels))}")
sys.exit(kernels != {sys.argv[1]})
