"""Is this machine ready, and do the notebooks run? Doctor and runner."""
