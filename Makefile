# The two commands of the README. Everything they need is installed into .venv, nothing outside of it.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

.PHONY: book test lint audit bench lock clean

book: $(VENV)/.book  ## get the data, train every network, build every language into _build/html; BUILD=--pdf with a PDF
	$(BIN)/nnbook build $(BUILD)

test: $(VENV)/.test lint  ## style, types and every test, those in a real browser included
	$(BIN)/python tests/browser.py || $(BIN)/playwright install chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

audit: $(VENV)/.test  ## look at the built site as strangers would: links, markup, accessibility, weight, Lighthouse
	NNBOOK_BASE_URL=$${NNBOOK_BASE_URL:-https://example.org/book/} $(BIN)/nnbook build --output _build/audit/html
	$(BIN)/python scripts/audit.py _build/audit/html

bench: $(VENV)/.bench  ## how fast training is, against PyTorch, scikit-learn and the matrix products alone
	$(BIN)/python benchmarks/training_speed.py

# An environment is made anew when what it should hold has changed.
$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nnbook needs Python 3.11 or newer; this is " + sys.version.split()[0] + "; name another one with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.book: $(VENV)/.made pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e ".[book]"
	touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e ".[book,test]"
	touch $@ $(VENV)/.book

$(VENV)/.bench: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[bench]"
	touch $@

lock: $(VENV)/.test  ## write the exact versions of everything anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra book --extra test --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade -o requirements.lock pyproject.toml

clean:
	rm -rf _build $(VENV)
