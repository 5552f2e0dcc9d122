# The two that matter: `make run` and `make test`. Both need python3 (3.11 or newer) with venv, and nothing else.
# GNU make 3.81 is enough (macOS).

PY ?= python3
VENV ?= .venv
# Workers of the test suite; `make test WORKERS=0` runs in one process, which a debugger needs.
WORKERS ?= 3
# More for pytest: `make test ARGS="-k minutes -x"`.
ARGS ?=

BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types architecture bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

run: $(STAMP) ## start the bot: SQLite, the sandbox page on http://127.0.0.1:8080, an example organisation
	@$(BIN)/python -m bot run

test: $(STAMP) ## the whole test suite, PostgreSQL and browser included where this machine can
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(ARGS)

check: $(STAMP) lint types architecture test ## everything that must hold before a push

format: $(STAMP) ## lay the code out, and mend what can be mended without thought
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: $(STAMP) ## layout and style
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(STAMP) ## mypy, strict
	@$(BIN)/mypy

architecture: $(STAMP) ## who may import whom
	@$(BIN)/lint-imports

bench: $(STAMP) ## measure, and print a table
	@$(BIN)/python -m tests.bench

lock: $(STAMP) ## write requirements.lock anew, with the newest versions that pyproject.toml allows
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv
	@$(BIN)/uv export --quiet --upgrade --format requirements-txt --no-emit-project --no-header --no-annotate \
		--all-groups --all-extras --output-file requirements.lock
	@! grep -n '://' requirements.lock || { echo "requirements.lock must name no host"; exit 1; }

clean: ## remove the environment and everything that was generated; keep databases
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml requirements.lock
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PY=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "python3 lacks venv. On Debian: sudo apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PY) -m venv $(VENV)
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@$(BIN)/python -m compileall -q adapters bot commands storage # the first start is as quick as the second
	@touch $@
