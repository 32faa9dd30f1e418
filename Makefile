# Every target works on a fresh machine with Python 3.11+, pip and a C compiler: it makes its own environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The demo and the tests keep their data inside the checkout, so that they neither find nor touch yours.
DEMO_HOME ?= .factcheck

.PHONY: demo test test-browser app lint format clean
.DEFAULT_GOAL := help

help:
	@echo "make demo          set up, check the demo article offline, write report.html"
	@echo "make test          set up and run the tests"
	@echo "make app           set up and start the Streamlit app"
	@echo "make lint          ruff and mypy"
	@echo "make test-browser  drive the app in a real browser (Debian's chromium)"

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("factcheck needs Python 3.11 or newer; set PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: $(VENV)/.ready
	FACTCHECK_HOME=$(DEMO_HOME) FACTCHECK_LLM_MODEL= $(BIN)/factcheck demo --mode offline

test: $(VENV)/.ready
	$(BIN)/python -m pytest -m "not browser"

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

clean:
	rm -rf $(VENV) $(DEMO_HOME) report.html screenshots dist build
