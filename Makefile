# Every target sets up what it needs; nothing but Python >= 3.11 has to be there.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out/demo

.PHONY: help demo test test-system bench checks check lint types imports fmt golden lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# --no-deps: the locks are complete, and older pips stumble over extras (sqlalchemy[asyncio]) when hashes are required.
$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dq needs Python 3.11 or newer; start make with PYTHON=python3.12 or so"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime  ## run the main job on sample_data/ and say where the scorecard is
	$(BIN)/dq run sample_data/crm sample_data/billing.csv sample_data/web_signups.csv --out $(OUT)

test: $(VENV)/.dev  ## the tests that need only what pip installs
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-system: $(VENV)/.dev  ## the tests that need what apt installs (a browser)
	$(BIN)/python -m pytest -m system

bench: $(VENV)/.dev  ## seconds and memory of the whole job; the address parser and matching beside their peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.address
	$(BIN)/python -m tests.benchmarks.matching

checks: $(VENV)/.dev  ## what dq check says of the colleges in DATA, target by target: table and pictures of the manual
	$(BIN)/python -m tests.benchmarks.checks $(DATA) --write

lint: $(VENV)/.dev  ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev  ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.dev  ## the layers of the code, checked
	$(BIN)/lint-imports

check: lint types imports test  ## everything a change must pass

fmt: $(VENV)/.dev  ## write the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(VENV)/.dev  ## rewrite sample_data/ and the sessions in README.md
	$(BIN)/dq sample --rows 5000 --seed 20261121 --out sample_data
	$(BIN)/python -m tests.sessions

lock: $(VENV)/.dev  ## rewrite both lock files from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:  ## remove what the targets made
	rm -rf $(VENV) out build dist
