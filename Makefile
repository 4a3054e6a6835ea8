# Two commands: `make run` inspects the sample capture, `make test` proves that the house stands.
# Longer work has its own: `make cover`, `make bench`, `make fuzz`, `make compare`, `make evaluate`, `make docs`, `make sample`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CAPTURE ?= samples/home.pcap
SECONDS ?= 300

run: $(VENV)/ready
	@mkdir -p out
	@$(BIN)/thingwarden inspect $(CAPTURE) --html out/report.html --json out/report.json || [ $$? -eq 1 ]
	@echo "The report as a page: out/report.html"

test: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/python -m thingwarden.flows.compiling
	$(BIN)/pytest $(or $(T),--numprocesses 2 --dist worksteal)

cover: $(VENV)/ready
	$(BIN)/pytest --numprocesses 2 --dist worksteal --cov

fix: $(VENV)/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/ready
	$(BIN)/python -m tools.make_docs

bench: $(VENV)/ready
	$(BIN)/python -m tools.bench

fuzz: $(VENV)/ready
	$(BIN)/python -m tools.fuzz --seconds $(SECONDS)

compare: $(VENV)/ready
	$(BIN)/python -m tools.compare

evaluate: $(VENV)/ready
	$(BIN)/python -m tools.evaluate

sample: $(VENV)/ready
	$(BIN)/python samples/make_home.py

$(VENV)/ready: pyproject.toml constraints.txt
	@tools/check_machine.sh "$(PYTHON)"
	@echo "Setting up in $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --upgrade pip \
		|| { echo "Packages cannot be fetched: is there a network, and does pip reach its index?"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group dev \
		|| { echo "Packages cannot be fetched: is there a network, and does pip reach its index?"; exit 1; }
	@touch $@

.PHONY: run test cover fix docs bench fuzz compare evaluate sample
