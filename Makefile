# netproof: `make` alone lists what can be done here.
#
# make demo and make test make their own environment in .venv. `VENV=folder` on the command line uses an
# environment of yours as it is: nothing is installed in it. `PYTHON=...` names the interpreter for a new one.

VENV := .venv
BIN := $(VENV)/bin
ARGS :=
SUBJECT := all
SHELL := /bin/sh
# A quarter of a worker's time goes into waiting for disks, browsers and other processes: three fill two cores.
WORKERS := 3
PYTHON :=
export PYTHON

ifeq ($(origin VENV),command line)
RUN :=
DEV :=
else
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
endif

.PHONY: help demo test check check-format check-lint check-types check-layers check-sql check-house format bench golden
.PHONY: docs lock changelog clean

help: ## list what can be done
	@sed -n 's/^\([a-z]*\):.*## /  make \1  \t/p' Makefile | expand -t 20

demo: $(RUN) ## install, write the example operator into musternetz/, check it, say where the report lies
	@if [ -e musternetz/planted.toml ]; then rm -r musternetz; fi
	@$(BIN)/python -m netproof demo musternetz $(ARGS)

test: $(DEV) ## run the whole test suite (ARGS= goes to pytest)
	@sh requirements/system.sh
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov=netproof.checks --cov=netproof.graph --cov=netproof.tlog --cov=netproof.integrity --cov-branch --cov-fail-under=95 $(ARGS)

check: check-format check-lint check-types check-layers check-sql check-house ## format, lint, types, layers, SQL, file lengths (-k: all of them, whatever fails)

check-format: $(DEV)
	$(BIN)/python -m ruff format --check .

check-lint: $(DEV)
	$(BIN)/python -m ruff check --quiet .

check-types: $(DEV)
	$(BIN)/python -m mypy

check-layers: $(DEV)
	$(BIN)/lint-imports --no-cache

check-sql: $(DEV)
	$(BIN)/python -m sqlfluff lint --nocolor src

check-house: $(DEV)
	$(BIN)/python -m pytest -q tests/docs/test_house.py

format: $(DEV) ## put Python and SQL in the house's form
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m sqlfluff fix src

bench: $(DEV) ## time one SUBJECT= of benchmarks/subjects, or all
	$(BIN)/python -m benchmarks $(SUBJECT) $(ARGS)

golden: $(DEV) ## write the golden files anew; read the difference before keeping it
	NETPROOF_GOLDEN=write $(BIN)/python -m pytest -q tests/golden $(ARGS)

docs: $(DEV) ## write docs/reference and the README's output anew
	$(BIN)/python -m docs.build

lock: $(DEV) ## choose and lock newer requirements, none younger than a week
	$(BIN)/uv pip compile pyproject.toml --group build --upgrade $(LOCK) --output-file requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --upgrade $(LOCK) \
		--constraints requirements/run.txt --output-file requirements/dev.txt

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

changelog: $(DEV) ## move the fragments in changes/ into CHANGELOG.md (ARGS="0.1.0 2026-12-01")
	$(BIN)/python -m docs.changelog $(ARGS)

clean: ## remove what was made here, the environment too
	rm -rf .venv build dist musternetz musternetz-report.html src/*.egg-info .pytest_cache .mypy_cache .ruff_cache
	rm -rf .import_linter_cache .hypothesis .coverage

$(VENV)/.installed-run: requirements/run.txt requirements/environment.sh pyproject.toml
	@sh requirements/environment.sh $(VENV) run

$(VENV)/.installed-dev: requirements/dev.txt requirements/environment.sh pyproject.toml
	@sh requirements/environment.sh $(VENV) dev
