# Everything a reader, an author or a tester types. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# One process, one core: two pytest workers would otherwise fight over the BLAS threads.
ONE_CORE := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help lab test lint types unit chapters dev test-oldest notebooks exercises slides gallery datasets bench format clean

help:  ## list all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab: $(VENV)/.lab  ## install what a reader needs and open JupyterLab on the first chapter
	@$(BIN)/crmlab lab --here

test: lint types unit chapters  ## set up and run every test: lint, types, unit, browser, chapters

lint: $(VENV)/.dev  ## check style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev  ## check types
	@$(BIN)/basedpyright --level error

unit: $(VENV)/.dev  ## run the tests and doctests of the package, with coverage of its branches
	@PYTHONWARNDEFAULTENCODING=1 $(ONE_CORE) $(BIN)/pytest -q -n $(WORKERS) --dist loadfile \
		--cov --cov-report=term --cov-fail-under=95

chapters: $(VENV)/.dev  ## run every chapter and compare each printed number with the stored one
	@$(BIN)/python -c "import matplotlib.font_manager"
	@$(ONE_CORE) $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --nbval notebooks/*.ipynb

dev: $(VENV)/.dev  ## install what the tests and the builders need

test-oldest:  ## run the tests on the oldest versions of the libraries we allow
	@$(PYTHON) -m venv .venv-oldest
	@.venv-oldest/bin/python -m pip --quiet install --editable '.[dev]' \
		--constraint <($(PYTHON) tests/oldest.py)
	@$(ONE_CORE) .venv-oldest/bin/pytest -q -n $(WORKERS) --dist loadfile
	@$(ONE_CORE) .venv-oldest/bin/pytest -q -n $(WORKERS) --dist loadfile --nbval-lax notebooks/*.ipynb

notebooks: $(VENV)/.dev  ## build and execute the chapters from notebooks/source
	@$(ONE_CORE) $(BIN)/python -m crmlab.teaching notebooks

exercises: $(VENV)/.dev  ## build the exercises from exercises/source, solutions stripped
	@$(BIN)/python -m crmlab.teaching exercises

slides: $(VENV)/.dev  ## build the lecture slides into build/slides
	@$(BIN)/python -m crmlab.teaching slides

gallery: $(VENV)/.dev  ## draw every figure of the package into build/gallery
	@$(BIN)/python -m crmlab.teaching gallery

datasets: $(VENV)/.dev  ## make the simulated data sets anew
	@$(BIN)/python -m crmlab.teaching datasets

bench: $(VENV)/.bench  ## time the package beside its peers
	@$(BIN)/python -m benchmarks

format: $(VENV)/.dev  ## put the code into the house's layout
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

clean:  ## remove what was built and installed
	@rm -rf build dist $(VENV) .venv-oldest .pytest_cache .ruff_cache .hypothesis .coverage*

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "crmlab needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python cannot make a virtual environment here. On Debian or Ubuntu type:"; \
		echo "  sudo apt install python3-venv"; exit 1; }

$(VENV)/.%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing crmlab with its '$*' extra into $(VENV) ..."
	@$(PIP) install --constraint constraints.txt --editable '.[$*]'
	@touch $@
