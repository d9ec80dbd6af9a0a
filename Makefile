# Every target sets up what it needs. `make demo` and `make test` are the two commands of a fresh machine.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c

VENV := .venv
PY := $(VENV)/bin/python
export QT_LOGGING_RULES ?= qt.qpa.fonts=false
unexport PYTHONDONTWRITEBYTECODE

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.ready ## one whole session on this machine, from bank to verified score sheets
	@$(VENV)/bin/cbt-station demo $(DEMO)

test: $(VENV)/.ready-dev build/interop/.ready ## all tests
	@$(PY) -m pytest -n 2 --dist worksteal -q $(TEST)

check: $(VENV)/.ready-dev ## format, lint, types, import contracts
	@$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.ready-dev ## ratios to a peer or a physical limit, in one run
	@$(PY) -m tests.bench $(BENCH)

screenshots: $(VENV)/.ready-dev ## pictures of the README; SCREENSHOTS=--all or --interactions: every screen, every way of answering
	@$(PY) -m tests.screenshots $(SCREENSHOTS)

torture: $(VENV)/.ready-dev ## a million crash states, every failing operation, and 3,000 times kill -9 (docs/torture.md)
	@$(PY) -m tests.torture $(TORTURE)
	CBT_KILLS=2000 $(PY) -m pytest -q tests/delivery/test_kill.py
	CBT_WINDOW_KILLS=1000 $(PY) -m pytest -q tests/screens/test_window_kill.py

lock: $(VENV)/.ready-dev ## packaging/requirements*.lock, with hashes and no index address
	@$(VENV)/bin/pip install -q uv
	for extra in '' dev; do
	  $(VENV)/bin/uv pip compile -q pyproject.toml --extra build $${extra:+--extra $$extra} --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header --no-annotate --python-version 3.11 -o packaging/requirements$${extra:+-$$extra}.lock
	done

wheel: $(VENV)/.ready-dev ## build a wheel, install it in an empty environment, run it once
	@packaging/try_wheel.sh

clean: ## everything that was made
	rm -rf $(VENV) build dist

$(VENV)/.ready: packaging/requirements.lock pyproject.toml packaging/setup.sh
	@packaging/setup.sh $(VENV) packaging/requirements.lock
	touch $@

$(VENV)/.ready-dev: packaging/requirements-dev.lock pyproject.toml packaging/setup.sh
	@packaging/setup.sh $(VENV) packaging/requirements-dev.lock dev
	touch $(VENV)/.ready $@

build/interop/.ready: packaging/fetch_interop.sh
	@packaging/fetch_interop.sh && mkdir -p build/interop && touch $@

.PHONY: help demo test check bench screenshots torture lock wheel clean
