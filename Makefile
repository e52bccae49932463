# Every command, each with a line of help. `make` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data
PORT ?= 8080
export PYTHONPATH :=

.DEFAULT_GOAL := help

help: ## list all targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(VENV)/.runtime: requirements.txt sdk/pyproject.toml server/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Labelyard needs Python 3.11 or newer; set PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the pinned packages …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt 2> >(grep -v '^WARNING: Location' >&2)
	@$(BIN)/python tools/install_sources.py
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt 2> >(grep -v '^WARNING: Location' >&2)
	@touch $@

setup: $(VENV)/.dev ## virtual environment with everything pinned

WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)

web/dist/index.html: $(WEB_SOURCES) | $(VENV)/.runtime
	@$(BIN)/python tools/build_web.py

web: web/dist/index.html ## build the web app (with the machine's Node, else with one from PyPI)

demo: $(VENV)/.runtime web/dist/index.html ## the main job on real pictures: PICTURES=folder, ONCE=1 to check it and stop
	@$(BIN)/python -m demo $(if $(PICTURES),--pictures "$(PICTURES)") $(if $(ONCE),--once) --data-dir "$(if $(ONCE),,demo-data)"

serve: $(VENV)/.runtime web/dist/index.html ## run the server: DATA=folder PORT=8080
	@$(BIN)/labelyard serve --data-dir $(DATA) --port $(PORT)

check: $(VENV)/.dev ## format, lint, types, contracts, structure
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary sdk/labelbox sdk/lbox server/labelyard demo tools bench
	@PYTHONPATH=tools:server $(BIN)/lint-imports --no-cache | tail -3
	@$(BIN)/python tools/coverage.py --check
	@$(BIN)/pytest tests/structure

test: check web $(VENV)/.dev ## everything that CI runs
	@$(BIN)/python tools/browser.py
	@cd web && $(CURDIR)/$(BIN)/python ../tools/build_web.py check
	@$(BIN)/pytest tests --ignore tests/structure
	@$(MAKE) --no-print-directory demo ONCE=1

bench: $(VENV)/.dev web/dist/index.html ## measurements, each beside its bare limit
	@$(BIN)/python -m bench

where: $(VENV)/.dev ## a name in every place it has: name=createBatchV2
	@$(BIN)/python tools/where.py $(name)

room: $(VENV)/.dev ## a new room: name=… above=… says=…
	@$(BIN)/python tools/room.py $(name) --above $(above) --says "$(says)"

clean: ## remove what was built (not data)
	@rm -rf $(VENV) web/dist web/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.PHONY: help setup web demo serve check test bench where room clean
