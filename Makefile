# Needs Python 3.11 or later, pip and make; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: demo test properties disk soak fuzz check seeds seeds-check wheel-check bench clean

demo: $(READY) ## Clean the five seed documents into out/demo and show what went and why
	$(BIN)/clean-ingest run 'seeds/*.txt' -o out/demo --fresh
	$(BIN)/clean-ingest verify out/demo
	$(BIN)/clean-ingest stats out/demo
	$(BIN)/clean-ingest explain seeds/003_38e511cf90de7b7b.txt

test: $(READY) ## Run all tests
	$(BIN)/python -m pytest -n 2 -m 'not disk' --cov --cov-report=term:skip-covered

properties: $(READY) ## The core's properties alone; HYPOTHESIS_PROFILE=deep tries 5,000 examples of each
	$(BIN)/python -m pytest -n 2 tests/core tests/properties

disk: $(READY) ## Tests that need the right to mount a small file system; a skip is said and counted
	$(BIN)/python -m pytest -m disk

soak: $(READY) ## Some hundred kills and stops of runs, each gone on with (an hour on two cores)
	$(BIN)/python tests/faults/soak.py

fuzz: $(READY) ## Mutated inputs of every kind for every reader and stage, for an hour
	$(BIN)/python tests/faults/fuzz.py

check: $(READY) ## Linters, types, import contract, spelling, the rulebook's own proof
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/clean-ingest rules lint
	$(BIN)/clean-ingest rules test

seeds: $(READY) ## Write the text form of the run over seeds/ anew, for review
	$(BIN)/clean-ingest run 'seeds/*.txt' -o out/seeds.run --fresh
	rm -rf out/seeds
	$(BIN)/clean-ingest export out/seeds.run --to text --with-edits -o out/seeds

seeds-check: seeds ## Fail where that text form is not the committed one
	git diff --exit-code -- out/seeds
	test -z "$$(git status --porcelain -- out/seeds)"

wheel-check: $(READY) ## Build the wheel and use it in an empty environment with the oldest pip
	$(BIN)/python -m build --wheel --outdir out/wheel
	rm -rf out/wheel-venv && $(PYTHON) -m venv out/wheel-venv
	out/wheel-venv/bin/python -m pip install -q pip==23.2.1
	out/wheel-venv/bin/python -m pip install -q -c constraints.txt out/wheel/*.whl
	cd out && printf 'Share this post\nThe bridge is open again.\n' | wheel-venv/bin/clean-ingest clean -
	cd out && wheel-venv/bin/clean-ingest config validate default

bench: $(READY) ## Quality and speed; the larger sets are used where they are found
	$(BIN)/python benchmarks/ledger.py
	$(BIN)/python benchmarks/text.py
	$(BIN)/python benchmarks/extraction.py
	$(BIN)/python benchmarks/langid.py
	$(BIN)/python benchmarks/engine.py

clean: ## Remove what make and runs have made
	rm -rf .venv out/demo out/seeds.run out/wheel out/wheel-venv

# An older pip leaves out extras that it cannot resolve; groups need 25.1.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install -q -c constraints.txt --group dev -e '.[bench]'
	touch $@
