# Everything a reader, an author or a tester types. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Of what pip says, a line for each thing it fetches, and one while it writes them all to the disk.
SHOWN := 's/^Collecting ([A-Za-z0-9._-]+).*/  fetching \1/p; s/^Installing collected.*/  installing them all .../p; s/^Successfully.*/  done/p'
# One process, one core: two pytest workers would otherwise fight over the BLAS threads.
ONE_CORE := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
WORKERS ?= 2
OLDEST := .venv-oldest
# Old libraries beside the newest that they depend on warn of each other.
OLD := -q -W ignore -n $(WORKERS) --dist loadfile
# The tests of each room that the uncommitted change touches.
CHANGED = $(shell git diff --name-only HEAD -- crmlab tests | sed -nE 's,^(crmlab|tests)/([a-z_]+)/.*,tests/\2,p' | sort -u)
# A chapter's first figure would otherwise print that matplotlib looks for fonts.
WARM := python -c "import matplotlib.font_manager"
# Every chapter, run by the Python that runs the tests; those in Chinese are run in Chinese.
CHAPTERS := notebooks --ignore=notebooks/source --ignore-glob='*.zh.ipynb' --nbval-current-env
IN_CHINESE := $(wildcard notebooks/*.zh.ipynb) --nbval-current-env
# One language, if make was told one; a shell's own LANG says nothing of it.
IN = $(if $(findstring command,$(origin LANG)),--lang $(LANG))

# Hundreds of processes begin in the tests: each would otherwise compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help lab test lint types unit quick check coverage mutants new chapters dev test-oldest notebooks exercises slides plans gallery reference words font datasets bench format clean

help:  ## list all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab: $(VENV)/.lab  ## install what a reader needs, copy the course into crmlab-course and open it
	@echo "Opening the course in your browser. To end: press Ctrl+C here, twice."
	@$(BIN)/crmlab lab
	@echo "To open it again, type: make lab"
	@echo "For crmlab's other commands, type: $(BIN)/crmlab --help"

test: lint  ## set up and run every test: lint, types, unit, browser, chapters
	@$(MAKE) --no-print-directory -j2 types unit
	@$(MAKE) --no-print-directory chapters

lint: $(VENV)/.dev  ## check style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev  ## check types
	@$(BIN)/basedpyright --level error

unit: $(VENV)/.dev  ## run the tests and doctests of the package, with coverage; of one topic: make unit TOPIC=rfm
	@PYTHONWARNDEFAULTENCODING=1 $(ONE_CORE) $(BIN)/pytest -q -n $(WORKERS) --dist worksteal \
		$(if $(TOPIC),$(wildcard tests/$(TOPIC) crmlab/$(TOPIC)),--cov --cov-report=term --cov-fail-under=95)

quick: lint types  ## check style, types, the house plan, and the topics that changed since the last commit
	@PYTHONWARNDEFAULTENCODING=1 $(ONE_CORE) $(BIN)/pytest -q -n $(WORKERS) tests/test_architecture.py \
		tests/test_project.py $(wildcard $(CHANGED))

coverage: $(VENV)/.dev  ## measure in 500 worlds how often each interval holds, into docs/reference; of one topic: TOPIC=rfm
	@mkdir -p build && : > build/coverage.jsonl
	@$(ONE_CORE) CRMLAB_COVERAGE=build/coverage.jsonl $(BIN)/pytest -q -n $(WORKERS) -m worlds \
		$(if $(TOPIC),tests/$(TOPIC),tests)
	@$(BIN)/python -m tests.worlds build/coverage.jsonl $(TOPIC)

check: $(VENV)/.dev  ## check one topic whole, with the contracts that every topic keeps: make check T=members
	@$(BIN)/ruff check crmlab/$(T) tests/$(T) && $(BIN)/ruff format --check -q crmlab/$(T) tests/$(T)
	@$(BIN)/basedpyright --level error crmlab/$(T)
	@PYTHONWARNDEFAULTENCODING=1 $(ONE_CORE) $(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m "not slow" \
		-k "$(T) or architecture" tests/test_architecture.py tests/test_contract.py tests/test_plots.py \
		tests/test_exports.py $(wildcard tests/$(T) crmlab/$(T))

new: $(VENV)/.dev  ## begin a measure, a question or a topic: make new MEASURE=members/newcomers, QUESTION=07, TOPIC=18_churn
	@$(BIN)/python -m crmlab.teaching new $(if $(MEASURE),measure $(MEASURE)) $(if $(QUESTION),question $(QUESTION)) \
		$(if $(TOPIC),topic $(TOPIC))

mutants: $(VENV)/.mutants  ## break the measures of a topic in a thousand small ways, and list what no test notices: TOPIC=rfm
	@$(ONE_CORE) $(BIN)/python -m tests.mutants $(TOPIC)

chapters: $(VENV)/.dev  ## run every chapter and compare each printed number with the stored one
	@$(BIN)/$(WARM)
	@$(MAKE) --no-print-directory -j2 .chapters-en .chapters-zh

.chapters-en:
	@$(ONE_CORE) $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --nbval $(CHAPTERS)

.chapters-zh:
	@CRMLAB_LANG=zh $(ONE_CORE) $(BIN)/pytest -q --nbval $(IN_CHINESE)

dev: $(VENV)/.dev  ## install what the tests and the builders need

test-oldest: $(OLDEST)/.dev  ## run the tests on the oldest versions of the libraries we allow
	@$(OLDEST)/bin/$(WARM)
	@$(ONE_CORE) $(OLDEST)/bin/pytest $(OLD)
	@$(ONE_CORE) $(OLDEST)/bin/pytest $(OLD) --nbval-lax $(CHAPTERS)

notebooks: $(VENV)/.dev  ## build the chapters from notebooks/source; some: make notebooks NAMES=06 LANG=zh
	@$(ONE_CORE) $(BIN)/python -m crmlab.teaching notebooks $(NAMES) $(IN)

exercises: $(VENV)/.dev  ## build the exercises from exercises/source, solutions stripped
	@$(BIN)/python -m crmlab.teaching exercises $(NAMES) $(IN)

slides: $(VENV)/.dev  ## build the lecture slides into build/slides
	@$(BIN)/python -m crmlab.teaching slides $(NAMES) $(IN)

plans: $(VENV)/.dev  ## write the lecture plans into build/plans, with measured running times
	@$(BIN)/python -m crmlab.teaching plans $(NAMES) $(IN)

gallery: $(VENV)/.dev  ## draw every figure of the package into build/gallery
	@$(BIN)/python -m crmlab.teaching gallery

reference: $(VENV)/.dev  ## write docs/reference, docs/course.md and the tables of topics and chapters
	@$(ONE_CORE) $(BIN)/python -m crmlab.teaching reference

words: $(VENV)/.dev  ## gather the visible words into crmlab/locale, compile them, and say what is open
	@$(BIN)/python -m crmlab.teaching words

font: $(VENV)/.dev  ## make the Chinese font that travels with the package, from fonts-noto-cjk
	@$(BIN)/python -m crmlab.teaching font

datasets: $(VENV)/.dev  ## make the simulated data sets anew
	@$(BIN)/python -m crmlab.teaching datasets

bench: $(VENV)/.bench  ## time the package beside its peers
	@$(BIN)/python -m benchmarks

format: $(VENV)/.dev  ## put the code into the house's layout
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

clean:  ## remove what was built and installed
	@rm -rf build dist $(VENV) .venv-oldest .pytest_cache .ruff_cache .hypothesis .coverage*

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. On Debian or Ubuntu type:"; \
		echo "  sudo apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
		echo "crmlab needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python cannot make a virtual environment here. On Debian or Ubuntu type:"; \
		echo "  sudo apt install python3-venv"; exit 1; }

$(VENV)/.%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing crmlab with its '$*' extra into $(VENV). The first time takes some minutes:"
	@set -o pipefail; $(BIN)/python -m pip --disable-pip-version-check install \
		--constraint constraints.txt --editable '.[$*]' | sed -u -nE $(SHOWN)
	@touch $@

$(OLDEST)/.dev: pyproject.toml tests/oldest.py | $(BIN)/python
	@echo "Installing the oldest libraries we allow into $(OLDEST) ..."
	@$(BIN)/python -m venv --clear $(OLDEST)
	@$(BIN)/python tests/oldest.py > $(OLDEST)/constraints.txt
	@$(OLDEST)/bin/python -m pip --quiet install --constraint $(OLDEST)/constraints.txt --editable '.[dev]'
	@touch $@
