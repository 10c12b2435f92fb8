# The verbs of the project. `make demo` and `make test` need nothing prepared but Python 3.11 with pip.
.PHONY: setup assets demo test fast lint lock messages bench clean

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/
STAMP := $(VENV)/.ready

setup: $(STAMP) assets

$(STAMP): requirements.lock package-lock.json tools/setup tools/assets.py
	PYTHON=$(PYTHON) tools/setup
	touch $@

# What the pages take from npm, the style sheet cut to the classes the templates name; quick, so never out of date.
assets: $(STAMP)
	$(RUN)python tools/assets.py

demo: setup
	$(RUN)qianshao demo

test: setup
	tools/system-packages
	$(RUN)python tools/suite.py

fast: setup
	$(RUN)python tools/messages.py --compile
	$(RUN)pytest -n 2 -m "not slow and not browser and not fault"

lint: setup
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)lint-imports

messages: setup
	$(RUN)python tools/messages.py

bench: setup
	$(RUN)python -m benchmarks

lock:
	$(RUN)python -m pip install --quiet uv
	$(RUN)python -m uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-annotate -q -o requirements.lock

clean:
	rm -rf $(VENV) node_modules src/qianshao/site/static/vendor
