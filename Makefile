# In a fresh clone run `make run` or `make test`. Both set up .venv first if it is not up to date.

PYTHON ?= python3
JOBS ?= 3
# The quick tests never wait, so that more processes than cores would only load everything once more.
FAST_JOBS ?= 2

VENV := .venv
READY := $(VENV)/.ready
FAST := not browser and not kills and not wheel and not slow
BIN := $(VENV)/bin

# Python keeps what it has compiled, even where the shell says otherwise: the tests start some hundred commands, each of
# which would compile the project again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast test-long versions check bench bench-dashboard bench-class dashboard class cliffs docs site pre-commit clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|' 2>/dev/null \
		|| grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

setup: $(READY) ## create the virtual environment .venv, with pinned versions

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Jirga needs Python 3.11 or newer; choose one with: make PYTHON=python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dashboard,dev,docs]'
	@touch $@

run: $(READY) ## run a thousand worlds of the baseline
	$(BIN)/jirga run baseline --worlds 1000

test: $(READY) ## run the whole test suite
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

test-fast: $(READY) ## the quick tests: no browser, no kills, no wheel, nothing slow (below 90 seconds on two cores)
	$(BIN)/python -m pytest -n $(FAST_JOBS) --dist loadfile --no-loadscope-reorder -m "$(FAST)"

test-long: $(READY) ## before a release: what make test repeats a few times only, in full (some hours)
	JIRGA_LONG=1 $(BIN)/python -m pytest \
		tests/app/test_study_kills.py tests/app/test_exercise_killed.py tests/app/test_dashboard_bursts.py tests/app/test_class_delays.py \
		tests/app/test_class_browser.py tests/app/test_dashboard_state.py tests/app/test_wheel.py tests/verification/test_facts.py \
		tests/app/test_class_bots.py tests/app/test_handout.py tests/verification/test_mechanisms.py tests/verification/test_twin.py \
		tests/verification/test_twin_rules.py

versions: $(READY) ## before a release: try the lowest and newest dependencies on each Python (needs uv, takes hours)
	$(BIN)/python -m tests.app.versions $(VERSIONS)

check: $(READY) ## check style, format, types and imports between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict --no-warn-return-any
	$(BIN)/lint-imports

bench: $(READY) ## measure the speed of the engine and of studies (shorter: STUDIES='--scale 0.1', CLIFFS='--worlds 64')
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.cliffs $(CLIFFS)
	$(BIN)/python -m benchmarks.why
	$(BIN)/python -m benchmarks.evidence
	$(BIN)/python -m benchmarks.studies $(STUDIES)

bench-dashboard: $(READY) ## measure the response times of the dashboard in a browser, and its memory
	$(BIN)/python -m benchmarks.dashboard
	$(BIN)/python -m benchmarks.dashboard_memory
	$(BIN)/python -m benchmarks.handout

bench-class: $(READY) ## measure the class server: response times with forty students, and its limits
	$(BIN)/python -m benchmarks.class_load
	$(BIN)/python -m benchmarks.classroom
	$(BIN)/python -m benchmarks.class_limits

dashboard: $(READY) ## start the dashboard on http://127.0.0.1:8501
	$(BIN)/jirga dashboard

class: $(READY) ## start a class exercise on the room's network, for students' phones
	$(BIN)/jirga class serve --browse

cliffs: $(READY) ## search the baseline for cliffs again and save the summary (some ten minutes)
	$(BIN)/python -m docs.cliffs

docs: $(READY) ## refresh the generated parts of README.md and docs/
	$(BIN)/python -m docs.refresh

site: $(READY) ## the documentation as a site, in site/, which needs no network
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

pre-commit: $(READY) ## run the checks before each commit of this clone, with the tools in .venv
	$(BIN)/python -m pre_commit install

clean: ## remove the virtual environment, caches and builds
	rm -rf $(VENV) build dist site .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
