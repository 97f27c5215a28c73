# `make audit` and `make test` are all that most people need; see README.md.
.DEFAULT_GOAL := help
.PHONY: help audit test test-fast coverage lint bench docs messages system-audit system-test clean

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The first interpreter that really runs and is new enough: a name on the path may be a shim without a Python behind it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
WORKSPACE ?= secaudit-data
ARGS ?=

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): setup.cfg pyproject.toml
	@test -n "$(PYTHON)" || \
		{ echo "Cần Python 3.11 trở lên / Python 3.11 or newer is needed (make PYTHON=/path/to/python)"; exit 2; }
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

system-audit:
	@sh tools/system-packages.sh audit

system-test:
	@sh tools/system-packages.sh test

# Findings are the product of an audit, not its failure: no --fail-on here.
audit: system-audit $(READY) ## audit a page: make audit URL=https://… (without URL: the demonstration site)
	$(BIN)/secaudit audit $(if $(URL),'$(URL)',--demo) --workspace '$(WORKSPACE)' $(ARGS)

test: system-test $(READY) ## all tests, real servers on loopback included (under 15 minutes)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

coverage: system-test $(READY) ## all tests, with the lines that none of them runs (slower)
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered $(ARGS)

test-fast: $(READY) ## the pure tests only (under a minute)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m 'not network and not slow' $(ARGS)

lint: $(READY) ## style, types, walls between rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: system-test $(READY) ## measure speed; prints ratios
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(READY) ## write the generated pages of docs/ again
	$(BIN)/python -m tools.write_docs
	$(BIN)/python -m tools.write_report_schema

messages: $(READY) ## extract, update and compile the message catalogues
	$(BIN)/python -m tools.messages

clean: ## remove what was built; never touches a workspace
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
