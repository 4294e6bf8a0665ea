# Python 3.11 or newer, git and make are all it takes; everything else goes into .venv and var.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV := .venv/bin
# Modules are compiled when they are first used: most never are, and compiling all takes longer than unpacking them.
PIP := $(VENV)/python -m pip install --quiet --disable-pip-version-check --no-input --no-compile

.PHONY: help install run test soak check lint types directions migrations deployable translations bench demo messages

help:
	@echo "make run       GreenChain with demo data on http://localhost:8000/ (PORT=9000 make run for another port)"
	@echo "make test      the suite on PostgreSQL, where it runs, and SQLite, with the coverage gate"
	@echo "make soak      random people make random moves on PostgreSQL for long (STEPS=5000), and 500 decisions in one batch"
	@echo "make check     style, types, directions, migrations, settings, translations"
	@echo "make install   .venv with the tools of development"
	@echo "make demo      the demo nation into the database of DATABASE_URL"
	@echo "make messages  collect the texts to translate and compile the catalogues"
	@echo "make bench     the measurements (SMALL=1, BENCH_OUT=FILE)"

# ── Installing: again only when the requirements changed ─────────────────────────────────────────────────
$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: install it, or say PYTHON=/path/to/python3.11 make …" >&2; exit 1; }
	@echo "Making .venv with $(PYTHON) …"
	@$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt constraints.txt | $(VENV)/python
	@echo "Installing what GreenChain needs (about a minute) …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt requirements.txt constraints.txt | $(VENV)/python
	@echo "Installing what GreenChain and its development need (about two minutes) …"
	@$(PIP) -r requirements-dev.txt
	@touch .venv/runtime $@

install: .venv/development

# ── Running ──────────────────────────────────────────────────────────────────────────────────────────────
# All that it starts can be told by this mark in its environment.
run: export GREENCHAIN_RUN := $(or $(GREENCHAIN_RUN),$(shell date +%s)-$(shell echo $$PPID))
run: .venv/runtime
	@exec $(VENV)/python manage.py up --with-parent

demo: .venv/runtime
	@$(VENV)/python manage.py migrate --verbosity 0
	@$(VENV)/python manage.py load_reference
	@$(VENV)/python manage.py demo --reset

# ── Proving ──────────────────────────────────────────────────────────────────────────────────────────────
test: .venv/development
	@$(VENV)/python -m tests

STEPS ?= 5000
soak: export DATABASE_URL := $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/greenchain)
soak: export SOAK_STEPS := $(STEPS)
soak: .venv/development
	@$(VENV)/python -m pytest tests/soak --no-migrations -p no:randomly -q -s

check: lint types directions migrations deployable translations

lint: .venv/development
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .

types: .venv/development
	@$(VENV)/mypy

directions: .venv/development
	@$(VENV)/lint-imports --no-logo

migrations: .venv/development
	@$(VENV)/python manage.py makemigrations --check --dry-run

deployable: export DATABASE_URL := postgres://greenchain@db.example.org/greenchain
deployable: export REDIS_URL := redis://redis.example.org:6379/0
deployable: export HTTPS := 1
deployable: export SITE_URL := https://green.example.org
deployable: export ALLOWED_HOSTS := green.example.org
deployable: export EMAIL_URL := smtp+tls://mail.example.org:587
deployable: export SECRET_KEY = $(shell $(VENV)/python -c 'import secrets; print(secrets.token_urlsafe(50))')
deployable: .venv/development
	@$(VENV)/python manage.py check --deploy --fail-level WARNING

translations: .venv/development
	@$(VENV)/python tools/messages.py check

bench: .venv/development
	@$(VENV)/python -m bench

messages: .venv/development
	@$(VENV)/python tools/messages.py update
