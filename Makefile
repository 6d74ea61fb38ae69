# Every job of the project by name; `make help` lists them. All are safe to run again.
#
# .venv      base dependencies only: what serving needs (no TensorFlow)
# .venv-dev  all extras, tests and checkers
#
# PYTHON=/path/to/python3.12 chooses the interpreter, PORT=9000 the port of `make serve`.

PYTHON ?=
PORT ?= 8000
PYTEST_ARGS ?=

SERVE_ENV := .venv
DEV_ENV := .venv-dev
DEV := $(DEV_ENV)/bin

.DEFAULT_GOAL := help
.PHONY: help serve install test test-slow lint format docs figures screens tables wheel clean

help: ## list these jobs
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1@\2/p' $(MAKEFILE_LIST) | awk -F@ '{printf "%-18s %s\n", $$1, $$2}'

serve: $(SERVE_ENV)/ready ## answer on http://127.0.0.1:8000 (first call: creates .venv)
	@$(SERVE_ENV)/bin/cancerapy serve --port $(PORT)

install: $(DEV_ENV)/ready ## create .venv-dev with everything

test: $(DEV_ENV)/ready lint ## check style and types, run the tests
	$(DEV)/python -m pytest -m "not slow" $(PYTEST_ARGS)

test-slow: $(DEV_ENV)/ready ## run the longer proofs as well
	$(DEV)/python -m pytest $(PYTEST_ARGS)

lint: $(DEV_ENV)/ready ## ruff and strict mypy
	$(DEV)/ruff check .
	$(DEV)/ruff format --check .
	$(DEV)/mypy

format: $(DEV_ENV)/ready ## let ruff put imports and layout in order
	$(DEV)/ruff check --fix .
	$(DEV)/ruff format .

docs: $(DEV_ENV)/ready ## write the generated reference pages and check all pages
	$(DEV)/python tools/write_reference.py
	$(DEV)/python -m pytest tests/test_docs.py

figures: $(DEV_ENV)/ready ## draw the documentation's pictures, from phantoms
	$(DEV)/python tools/draw_phantoms.py

screens: $(DEV_ENV)/ready ## photograph every screen of the app, in both languages and themes
	$(DEV)/python tools/draw_screens.py

tables: $(DEV_ENV)/ready ## make the tables and pages that come from the rows anew
	$(DEV)/cancerapy evaluate --tables
	$(DEV)/cancerapy reproduce --document
	$(DEV)/cancerapy learn simulate --page

wheel: $(DEV_ENV)/ready ## build dist/*.whl with the model bundles inside
	$(DEV)/python -m pip wheel --no-deps --wheel-dir dist .

clean: ## remove environments, caches and built files
	rm -rf $(SERVE_ENV) $(DEV_ENV) build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache

# An environment is ready when its stamp is newer than what it is made from; a broken or half-made one
# has no stamp and is completed.
$(SERVE_ENV)/ready: pyproject.toml tools/make_env.sh
	@PYTHON="$(PYTHON)" tools/make_env.sh $(SERVE_ENV)
	@touch $@

$(DEV_ENV)/ready: pyproject.toml tools/make_env.sh Makefile
	@PYTHON="$(PYTHON)" tools/make_env.sh $(DEV_ENV) train,postgres,hospital dev
	@touch $@
