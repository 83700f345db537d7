# One line a target; CI and pre-commit call only these.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PYTHON ?= $(firstword $(wildcard /usr/bin/python3.1[1-9]) python3)
PORT ?= 8000
STATE ?= .rounds/demo
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help env demo test coverage check lessons oracles upstream clean
help:  ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(VENV)/.made  ## make .venv with everything that Rounds needs
$(VENV)/.made: pyproject.toml docker/install.sh
	@PYTHON=$(PYTHON) VENV=$(VENV) bash docker/install.sh
	@touch $@

demo: env  ## run the demo event on this machine: make demo PORT=8000
	@$(BIN)/rounds demo --port $(PORT) --state $(STATE)

test: env  ## pass all tests: unit, spec, widgets, content, project, integration
	@bash tests/run.sh $(BIN)

coverage: env  ## pass all tests and count the lines they reach, in forks and hubs too: 95 in 100 of each package
	@$(BIN)/pip install -q -e '.[test]'
	@$(BIN)/python tests/covered.py $(BIN)

check: env  ## ruff, mypy, import-linter
	@$(BIN)/pip install -q -e '.[test]'
	@$(BIN)/ruff check . && $(BIN)/ruff format --check src widgets tests && $(BIN)/mypy && $(BIN)/lint-imports

lessons: env  ## build the learners' notebooks and the curriculum's page from the lessons' sources
	@$(BIN)/rounds lessons build && $(BIN)/rounds lessons curriculum

oracles: env  ## compare k, l, t and suppression with pycanon and acro, in an environment of their own
	@PYTHON=$(PYTHON) bash tests/oracles/install.sh
	@bash tests/run.sh $(BIN) tests/oracles

upstream: env  ## run ipykernel's and jupyter_client's own tests with ordinary and with forked kernels, and compare
	@PYTHON=$(PYTHON) bash tests/upstream/install.sh
	@.venv-upstream/bin/python tests/upstream/compare.py

clean:  ## remove the environment and caches; the event's work in .rounds stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .venv-oracles .venv-upstream test-artifacts
