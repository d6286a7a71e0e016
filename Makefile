# Four verbs a newcomer needs: make demo, make test, make check, make bench.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BENCH  := .venv-bench
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test check bench docs lock clean
.DEFAULT_GOAL := help

help:
	@echo "make demo   install, decide a real application on real terrain, show what it made"
	@echo "make test   install what the tests need and run them"
	@echo "make check  ruff, mypy --strict, import contracts"
	@echo "make bench  benchmarks beside the peers (installs them)"
	@echo "make docs   build the documentation"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# The peers bring test plugins of their own: they live apart.
$(BENCH)/.installed: requirements/bench.txt pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip --disable-pip-version-check -q install --require-hashes -r requirements/bench.txt
	$(BENCH)/bin/python -m pip --disable-pip-version-check -q install --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.runtime
	$(BIN)/comity decide examples/tw-hsinchu-fab.toml --out demo-report

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(BENCH)/.installed
	$(BENCH)/bin/python -m benchmarks $(WITH)

docs: $(VENV)/.dev
	$(BIN)/python -m sphinx -W -q -b html docs docs/_build/html

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  pyproject.toml requirements/build.in -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  pyproject.toml requirements/build.in --extra matching --extra register --extra semantic --extra compute --extra cuda --extra office --extra exports \
	  --group pyproject.toml:lint --group pyproject.toml:test --group pyproject.toml:docs \
	  -c requirements/runtime.txt -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	  pyproject.toml requirements/build.in --extra cuda --group pyproject.toml:bench \
	  -c requirements/dev.txt -o requirements/bench.txt

clean:
	rm -rf $(VENV) $(BENCH) demo-report docs/_build

.PHONY: soak
soak: $(VENV)/.dev
	$(BIN)/python -m benchmarks.soak
