"""The course beside its peers: `make bench` runs it all and writes `benchmarks/results.md`."""

import tp5 as tp5  # before NumPy: it says how BLAS's threads wait (tp5/blas.py)
