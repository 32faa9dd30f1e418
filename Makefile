# Every target works on a fresh machine with Python 3.11+, pip and a C compiler: it makes its own environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The demo and the tests keep their data inside the checkout, so that they neither find nor touch yours.
DEMO_HOME ?= .factcheck
TOOLS ?= .tools

# Processes that the tests are spread over, a file of them at a time; each holds the models and grows to about 5 GB.
WORKERS ?= 2

# LOCKED=1: every package but torch has the version and the hash of requirements/ci.txt (Python 3.11, Linux, x86-64).
LOCKED ?=

.PHONY: demo test test-browser app lint format clean lock audit sbom
.DEFAULT_GOAL := help

help:
	@echo "make demo          set up, check the demo article offline, write report.html"
	@echo "make test          set up and run the tests"
	@echo "make app           set up and start the Streamlit app"
	@echo "make lint          ruff and mypy"
	@echo "make test-browser  drive the app in a real browser (Debian's chromium)"
	@echo "make lock          write requirements/ci.txt anew"
	@echo "make audit         ask which locked packages have known vulnerabilities (needs the network)"
	@echo "make sbom          write sbom.json, a CycloneDX list of what is installed"

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("factcheck needs Python 3.11 or newer; set PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
ifeq ($(LOCKED),1)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements/ci.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable '.[dev]'
else
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
endif
	touch $@

demo: $(VENV)/.ready
	FACTCHECK_HOME=$(DEMO_HOME) FACTCHECK_LLM_MODEL= $(BIN)/factcheck demo --mode offline

test: $(VENV)/.ready
	$(BIN)/python -m pytest -m "not browser" -n $(WORKERS) --dist loadfile

app: $(VENV)/.ready
	$(BIN)/factcheck app

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/.browser: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --editable '.[dev,browser]'
	command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium; } || echo "no chromium here: the browser tests will skip"
	touch $@

test-browser: $(VENV)/.browser
	$(BIN)/python -m pytest -m browser -rs tests/browser

# The tools have an environment of their own: what they need must not change what is locked, audited or listed.
$(TOOLS)/.ready: requirements/tools.in
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --requirement requirements/tools.in
	touch $@

# torch is left out: its wheels differ by accelerator, and pip takes the one at hand. UPGRADE=--upgrade takes
# newer versions; without it only what pyproject.toml asks for changes.
lock: $(TOOLS)/.ready
	UV_FIND_LINKS="$$PIP_FIND_LINKS" $(TOOLS)/bin/uv pip compile --quiet pyproject.toml requirements/build.in \
	  --extra dev --extra service --python-version 3.11 --python-platform x86_64-manylinux_2_28 --generate-hashes \
	  --no-emit-package torch --no-annotate --no-emit-index-url --no-emit-find-links \
	  $(UPGRADE) --custom-compile-command 'make lock UPGRADE=--upgrade' --output-file requirements/ci.txt

audit: $(TOOLS)/.ready
	$(TOOLS)/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements/ci.txt

sbom: $(VENV)/.ready $(TOOLS)/.ready
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-format JSON \
	  --output-file sbom.json $(BIN)/python

clean:
	rm -rf $(VENV) $(TOOLS) $(DEMO_HOME) report.html sbom.json screenshots dist build
