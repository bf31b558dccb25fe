.POSIX:
.NOTPARALLEL:
.PHONY: help run test check clean

help:
	@echo 'make run     make .venv, install the package, run the tour (writes tour/)'
	@echo 'make test    the same with the test extras, and run all tests (ARGS="-k hebb" chooses)'
	@echo 'make check   ruff and mypy'
	@echo 'make clean   remove .venv, tour/, caches and built files'
	@echo 'PYTHON=/path/to/python3.12 before any of them chooses the Python (3.11 or newer)'

run:
	@sh tools/setup tour
	@.venv/bin/hopfield tour
	@echo 'The tour is written: look in tour/'

test:
	@sh tools/setup test
	@.venv/bin/python -m pytest $(ARGS)

check:
	@sh tools/setup check
	.venv/bin/python -m ruff check src tests
	.venv/bin/python -m mypy --strict src

clean:
	rm -rf .venv tour dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
