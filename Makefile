# Every command of this repository. `make` alone lists them.
# The tools it calls need nothing but Python's standard library; docs/develop.md explains.

MAKEFLAGS += --no-print-directory
VENV := .venv
BIN := $(VENV)/bin
MUNIMENT ?= $(BIN)/muniment
JOBS ?= 2
# Without its compiled files every command would read the whole source anew, a second or more each time.
unexport PYTHONDONTWRITEBYTECODE
ARGS ?=

# The Python that makes the environment: python3 if it is new enough, else the newest that is.
# Say `make up PYTHON=/path/to/python3.12` to choose.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
PYTHON ?= $(or $(shell for name in $(CANDIDATES); do \
	$$name -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$name && break; done),python3)

# Checks the version in words every old Python understands, then makes the environment.
define MAKE_ENVIRONMENT
import sys
v = sys.version_info
if v < (3, 11):
    sys.exit("muniment: needs Python 3.11 or newer; %s is %d.%d.%d. Install a newer one, or say: make PYTHON=/path/to/python3.11" % (sys.executable, v[0], v[1], v[2]))
from tools.environment import main
sys.exit(main(sys.argv[1:]))
endef
export MAKE_ENVIRONMENT

PYTEST := $(BIN)/python -m pytest --no-header
STEP := $(BIN)/python -m tools.step

.DEFAULT_GOAL := help
.PHONY: help up dev test test-slow fuzz-detect check check-lint check-format check-types check-floors \
	check-house screens soak soak-gateway train-names requirements lock docs-reference docs docs-serve docs-screens clean environment-run environment-dev
# One after the other, but for the two long parts of `check`, which share no files.
ifndef SIDE_BY_SIDE
.NOTPARALLEL:
endif

help: ## list the commands
	@echo "Muniment: make COMMAND"
	@awk -F ':[^#]*## ' '/^[a-z%-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

up: environment-run ## install what is locked, migrate, start on ./data and say what to do next
	@exec $(MUNIMENT) up $(ARGS)

dev: environment-dev ## make the environment for developing
	@echo "  The environment for developing is in $(VENV)"

test: environment-dev ## run the tests on SQLite and PostgreSQL (ten minutes at most)
	@$(BIN)/python -m tools.postgres ensure
	@exec $(PYTEST) -n $(JOBS) -m "not slow and not browser" --ignore tests/house $(ARGS)

test-slow: environment-dev ## run the slow tests: faults, browsers, short fuzzing
	@$(BIN)/python -m tools.postgres ensure
	@$(BIN)/python -m tools.browser
	@$(BIN)/python -m tools.go
	@$(BIN)/python -m tools.mlflow
	@$(BIN)/python -m tools.node
	@exec $(PYTEST) -n $(JOBS) -m "slow or browser" $(ARGS)

screens: environment-dev ## take a picture of every page into .artefacts/screens
	@$(BIN)/python -m tools.postgres ensure
	@$(BIN)/python -m tools.browser
	@MUNIMENT_TEST_SCREENS=1 $(PYTEST) -n $(JOBS) -m browser tests/web/browser $(ARGS)

check: check-lint check-format check-floors ## check style, floors, types and the house rules
	@$(MAKE) --jobs 2 --output-sync=target SIDE_BY_SIDE=1 check-types check-house

check-lint: environment-dev
	@$(STEP) "Lint rules" -- $(BIN)/ruff check .

check-format: environment-dev
	@$(STEP) "Format" -- $(BIN)/ruff format --check .

check-types: environment-dev
	@$(STEP) "Types" -- $(BIN)/mypy --strict src tests tools training

check-floors: environment-dev
	@$(STEP) "Floors, rooms and their imports" -- $(BIN)/lint-imports --no-cache

check-house: environment-dev
	@$(STEP) "House rules" -- $(PYTEST) tests/house -m "not slow" -n $(JOBS) -q

bench-%: environment-dev ## measure one room: make bench-ledger
	@exec $(BIN)/python -m benchmarks.$* $(ARGS)

fuzz-detect: environment-dev ## fuzz the detector for two minutes, guided by coverage (SECONDS=120)
	@MUNIMENT_FUZZ_SECONDS=$(or $(SECONDS),120) $(PYTEST) -n 0 -m slow tests/detect/test_fuzz.py

soak: environment-dev ## run the long load with faults
	@exec $(BIN)/python -m benchmarks.soak $(ARGS)

soak-gateway: environment-dev ## 100,000 calls while what they need is killed (ARGS="--calls 1000")
	@exec $(BIN)/python -m benchmarks.soak_gateway $(ARGS)

train-names: environment-dev ## train the names layer: make train-names ARGS="--corpora FOLDER"
	@OPENBLAS_NUM_THREADS=1 exec $(BIN)/python -m training.train $(ARGS)

requirements: ## print every requirement with the tests that prove it (ARGS=--missing, ARGS=--json)
	@exec $(PYTHON) -m tools.requirements $(ARGS)

lock: ## lock the newest allowed packages again, with uv (ARGS=--upgrade)
	@$(PYTHON) -m tools.lock $(ARGS)

docs-reference: environment-dev ## write the reference pages from the code
	@exec $(BIN)/python -m tools.reference $(ARGS)

docs: environment-dev ## build the documentation as a site into .artefacts/site
	@exec $(BIN)/python -m tools.docs

docs-serve: environment-dev ## build it and show it on http://127.0.0.1:8485/
	@exec $(BIN)/python -m tools.docs --serve

docs-screens: environment-dev ## take the pictures of the pages from the demonstration (ARGS="ledger call")
	@exec $(BIN)/python -m tools.screens $(ARGS)

clean: ## remove everything that can be made again; ./data stays
	@rm -rf $(VENV) .cache build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

environment-run environment-dev: environment-%:
	@command -v $(PYTHON) >/dev/null || { echo "muniment: no $(PYTHON) on this machine; install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c "$$MAKE_ENVIRONMENT" $*
