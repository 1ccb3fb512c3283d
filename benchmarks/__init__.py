"""The course beside its peers: `make bench` runs it all and writes `benchmarks/results.md`."""
