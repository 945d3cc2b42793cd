# The one place that knows how things are run. `make` alone lists the targets.
SHELL := /bin/sh
# The first of these that is new enough; a pyenv shim may be there and yet not run.
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && { command -v $$p; break; }; done)
VENV := .venv/bin
NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"
# Container images set it, and then each process compiles all of its modules anew: two thirds of its start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check soak bench format protocol messages clean

help:
	@echo "make run        set everything up and serve the playground (PORT, PLAYGROUND_DATA)"
	@echo "make test       set everything up, then check style, types, architecture, and run all tests"
	@echo "make soak       run the tests that take minutes: the unit tests on PostgreSQL, kill tests on nginx, PostgreSQL and Redis, broken connections, backups"
	@echo "make bench      measure the relay beside a bare one, the page, and saved versions beside nginx"
	@echo "make format     format Python and the frontend"
	@echo "make protocol   generate frontend/src/protocol.gen.ts from playground/protocol"
	@echo "make messages   bring the Chinese catalogue up to date with the sources"
	@echo "make clean      remove what was installed and built (not .data)"

python:
	@test -n "$(PYTHON)" || { echo "playground: Python is missing or too old: install Python 3.12 or newer."; exit 1; }

run: python
	@$(PYTHON) -m playground.launcher.setup
	@exec $(VENV)/python -m playground.launcher

test: python
	@$(PYTHON) -m playground.launcher.setup --tests
	@$(NODE) $(VENV)/python -m playground.launcher.checks

soak: python
	@$(PYTHON) -m playground.launcher.setup --tests
	@$(NODE) $(VENV)/python -m playground.launcher.checks --soak

bench: python
	@$(PYTHON) -m playground.launcher.setup --tests
	@$(VENV)/python -m tests.bench

format:
	$(VENV)/ruff check --fix --quiet . && $(VENV)/ruff format .
	cd frontend && npx biome check --write .

protocol:
	$(VENV)/python -m playground.protocol | frontend/node_modules/.bin/json2ts --no-additionalProperties --maxItems -1 \
		--bannerComment '/* Generated from playground/protocol by `make protocol`. Do not edit. */' \
		> frontend/src/protocol.gen.ts

messages:
	cd playground && ../$(VENV)/django-admin makemessages -l zh_Hans --no-location

clean:
	rm -rf .venv .tools frontend/node_modules frontend/dist
