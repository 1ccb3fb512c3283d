# `make lab` opens the course, `make test` proves it. Both make .venv themselves.

PYTHON ?= python3
VENV := .venv
BENCH_VENV := .venv-bench
OLDEST_VENV := .venv-oldest
BIN := $(VENV)/bin
NOTEBOOKS := $(wildcard notebooks/[0-9]*.ipynb)
# Jupyter refuses to run as root unless told so; in a container there is nobody else.
ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# pip would compile every file of Jupyter and its kind, for half a minute: Python compiles those that
# are imported, once. (Not where whole processes are timed: the peers would compile theirs in them.)
PIP := -m pip install --quiet --disable-pip-version-check
INSTALL := $(PIP) --no-compile

# Hundreds of processes import the course: they keep what Python has compiled, as installed packages
# do, also where a container's settings say otherwise.
unexport PYTHONDONTWRITEBYTECODE

# JupyterLab would ask the network for news and updates, over a corner of the projector's picture.
QUIET := $(VENV)/share/jupyter/lab/settings/overrides.json

.PHONY: lab test unit oldest elsewhere notebooks portable claims pictures site slides bench clean
.PHONY: check-python

lab: $(VENV)/lab.done $(QUIET)
	@echo "Compiling the training loops, once: it takes some seconds, and saves them in every class."
	@$(BIN)/python -m tp5 compile
	cd notebooks && ../$(BIN)/jupyter lab $(ROOT) $(LAB_FLAGS) $(notdir $(firstword $(NOTEBOOKS)))

# About a minute: lint, types, and the package file by file, in two processes of one thread each.
unit: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy tp5
	$(BIN)/python -m tp5 compile
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 -p no:nbval --ignore tests/whole --ignore tests/browser

# The package file by file once more, with the lowest versions that pyproject.toml allows, in a venv
# of its own. (NumPy 2.0 has wheels for Python 3.11 and 3.12: make oldest PYTHON=python3.12.)
oldest: $(OLDEST_VENV)/test.done
	OMP_NUM_THREADS=1 $(OLDEST_VENV)/bin/pytest -n 2 -p no:nbval -p no:cacheprovider \
		--ignore tests/whole --ignore tests/browser

# Then what takes whole processes (kernels, browsers, a cluster, an installation) and the notebooks,
# each of which must print what is committed: a file at a time, because its tests share what takes
# long to start, and in an order in which the longest are not the last.
WHOLE := -n 2 --dist loadfile --no-loadscope-reorder
NBVAL := --nbval --nbval-cell-timeout 600 --nbval-sanitize-with tests/nbval_sanitize.cfg -p no:cacheprovider
test: unit
	OMP_NUM_THREADS=1 $(BIN)/pytest $(WHOLE) $(NBVAL) --durations 20 \
		tests/browser/test_notebooks_in_lab.py $(NOTEBOOKS) tests/browser tests/whole
	$(MAKE) elsewhere

# The unit tests and the notebooks that the compiled loops train, as on a processor of 2008: its
# instructions are others, the numbers are the same. (tests/whole has the fingerprints of more
# processors; make portable runs all notebooks.)
OLD := $(if $(filter x86_64,$(shell uname -m)),NUMBA_CPU_NAME=nehalem NUMBA_CPU_FEATURES= OPENBLAS_CORETYPE=Nehalem NPY_DISABLE_CPU_FEATURES="AVX512F \
	AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR AVX2 FMA3")
elsewhere: $(VENV)/test.done
	$(OLD) $(BIN)/python -m tp5 compile
	$(OLD) OMP_NUM_THREADS=1 $(BIN)/pytest -q -n 2 -p no:nbval --ignore tests/whole --ignore tests/browser
	$(OLD) OMP_NUM_THREADS=1 $(BIN)/pytest $(WHOLE) $(NBVAL) $(filter-out notebooks/05%,$(NOTEBOOKS))

# The same under more processors' instructions, and on emulated Arm where there is an emulator: see
# tests/portable.py. Half an hour.
portable: $(VENV)/test.done
	ARM64=$(wildcard ../shared/arm64) $(BIN)/python tests/portable.py

# Whether what the notebooks claim holds for other seeds: each literal seed moved, four times.
claims: $(VENV)/test.done
	$(BIN)/python docs/check_claims.py

# Execute every notebook again, in place: what is committed is what they print.
notebooks: $(VENV)/test.done
	for notebook in $(NOTEBOOKS); do \
		$(BIN)/jupyter nbconvert --to notebook --inplace --execute \
			--ExecutePreprocessor.timeout=600 --ExecutePreprocessor.store_widget_state=False \
			$$notebook || exit 1; \
	done
	$(BIN)/python -m tp5.tools.saving $(NOTEBOOKS)
	$(BIN)/python docs/build_slides.py --tag

# Draw the pictures of the README again.
pictures: $(VENV)/test.done
	$(BIN)/python docs/make_pictures.py
	$(BIN)/python docs/make_screenshots.py

# The course as pages, for build/site/html to be put on any web server. Needs no network.
site: $(VENV)/site.done
	$(BIN)/python docs/build_site.py build/site

# The course on the wall: a page of slides for each notebook, in build/slides. Needs no network.
slides: $(VENV)/site.done
	$(BIN)/python docs/build_slides.py build/slides

# Beside PyTorch, JAX, Keras and scikit-learn, which weigh 1 GB and get a venv of their own.
# make bench SECTIONS="W1 W4" measures these anew and keeps the rest.
bench: $(BENCH_VENV)/bench.done
	$(BENCH_VENV)/bin/python -m benchmarks $(SECTIONS)

clean:
	rm -rf $(VENV) $(BENCH_VENV) $(OLDEST_VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp file says that this pyproject.toml is installed: the second time there is nothing to do.
# With the package come the kernel that the notebooks ask for and a setting of Jupyter's: etc/.
$(VENV)/lab.done: pyproject.toml $(wildcard etc/*.json) $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --editable .
	touch $@

$(VENV)/test.done: pyproject.toml $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --editable '.[test]'
	touch $@ $(VENV)/lab.done $(VENV)/site.done

$(VENV)/site.done: pyproject.toml $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --editable '.[site]'
	touch $@ $(VENV)/lab.done

$(QUIET): | $(VENV)/lab.done
	mkdir -p $(@D)
	echo '{"@jupyterlab/apputils-extension:notification":' \
		'{"fetchNews": "false", "checkForUpdates": false}}' >$@

$(BENCH_VENV)/bench.done: pyproject.toml $(BENCH_VENV)/bin/python
	$(BENCH_VENV)/bin/python $(PIP) --editable '.[bench]'
	touch $@

$(VENV)/bin/python: | check-python
	$(PYTHON) -m venv $(VENV)

$(OLDEST_VENV)/test.done: pyproject.toml tests/oldest.py | check-python
	$(PYTHON) -m venv $(OLDEST_VENV)
	$(PYTHON) tests/oldest.py >$(OLDEST_VENV)/lowest.txt
	$(OLDEST_VENV)/bin/python $(INSTALL) \
		--constraint $(OLDEST_VENV)/lowest.txt --editable '.[test]'
	touch $@

$(BENCH_VENV)/bin/python: | check-python
	$(PYTHON) -m venv $(BENCH_VENV)

check-python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "There is no $(PYTHON) here: install Python 3.11 or later (python.org, or: sudo apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "TP5 needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1); install a newer one and say: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing: sudo apt-get install python3-venv, then try again."; exit 1; }
