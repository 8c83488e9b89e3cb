# The front door: `make run` serves the demo town, `make test` proves everything. See README.md.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PHONE := server/phone
PHONE_SOURCES := $(shell find $(PHONE) -name node_modules -prune -o -type f -print) $(wildcard forms/*.ts)
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# A file's tests stay together; four workers are as many Chromiums as a machine should need to bear.
WORKERS := --numprocesses=auto --maxprocesses=4 --dist=loadfile
WITH_NODE = NODE_BIN="$$(.ci/node)" && PATH="$$NODE_BIN:$$PATH" &&

export HOST PORT HTTPS_PORT LAN LINGYAN_DATA CORPUS PEERS

.PHONY: run test check check-server check-phone format bench screenshots corpus faults clean

run: build/packages.stamp build/phone.stamp
	@$(PY) -m flask --app wsgi demo load --first
	@exec $(PY) wsgi.py

test: check build/phone.stamp
	@$(WITH_NODE) cd $(PHONE) && npm test
	@CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && $(WITH_NODE) $(PY) -m pytest $(WORKERS) $(ARGS)

# Needs no network once `make test` has set things up.
check: build/tools.stamp build/node_modules.stamp
	@$(MAKE) --no-print-directory --jobs=2 check-server check-phone

check-server:
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy

check-phone:
	@$(WITH_NODE) cd $(PHONE) && npm run --silent check

format: build/tools.stamp build/node_modules.stamp
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .
	@$(WITH_NODE) cd $(PHONE) && npm exec -- prettier --write .

bench: build/tools.stamp build/phone.stamp
	@CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && $(WITH_NODE) $(PY) -m tests.bench $(ARGS)

screenshots: build/tools.stamp build/phone.stamp
	@CHROMIUM="$$(.ci/chromium)" && export CHROMIUM && $(PY) -m tests.browser.screenshots $(ARGS)

corpus: build/tools.stamp build/node_modules.stamp
	@$(PY) -m tests.corpus $(ARGS)

faults:
	@echo "make $@: not yet"

clean:
	rm -rf build $(PHONE)/node_modules server/static/phone

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Lingyan needs Python 3.11 or newer: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "Python can't make an environment here: apt-get install python3-venv"; exit 1; }

build/packages.stamp: requirements.txt | $(PY)
	@echo "Installing the server's packages"
	@$(PIP) -r requirements.txt
	@mkdir -p build && touch $@

build/tools.stamp: requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing the packages for tests and checks"
	@$(PIP) -r requirements-dev.txt
	@mkdir -p build && touch build/packages.stamp $@

build/node_modules.stamp: $(PHONE)/package-lock.json $(PHONE)/.npmrc | $(PY)
	@echo "Installing the phone app's packages"
	@$(WITH_NODE) cd $(PHONE) && npm ci --silent --no-progress
	@mkdir -p build && touch $@

build/phone.stamp: build/node_modules.stamp $(PHONE_SOURCES)
	@echo "Building the phone app"
	@$(WITH_NODE) cd $(PHONE) && npm run --silent build -- --logLevel warn
	@mkdir -p build && touch $@
