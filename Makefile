.POSIX:
.NOTPARALLEL:
.PHONY: help run book pdf worksheets slides test oldest torch fuzz coverage check fingerprint science bench clean

help:
	@echo 'make run     make .venv, install the package, build the book (build/book), run the tour'
	@echo '             (tour/), and serve the book; SERVE=no ends before that'
	@echo 'make book    build the book alone; OFFLINE=1 puts Python for the browser in, so that the'
	@echo '             folder works from any web server without a network; SOLUTIONS=no leaves the'
	@echo '             solutions of the exercises out'
	@echo 'make pdf     print the whole book, build/hopfield.pdf. This and the next two need Chromium'
	@echo 'make worksheets   print the exercises of each chapter, build/worksheets, and their solutions,'
	@echo '             build/solutions'
	@echo 'make slides  print the slides of each chapter, build/slides'
	@echo 'make test    install the test extras too, and run all tests (ARGS="-k hebb" chooses;'
	@echo '             BROWSER=no leaves out the book in a browser, which takes minutes to build)'
	@echo 'make oldest  the tests, without the browser, on the oldest packages that pyproject.toml allows'
	@echo 'make torch   the tests of hopfield.torch, in an environment of their own (build/torch, 6 GB)'
	@echo 'make fuzz    the tests over random examples, with new ones each time; what failed is printed'
	@echo '             and tried first the next time. Then bad calls of every public name, until Ctrl-C,'
	@echo '             or as many as CALLS=1000 says'
	@echo 'make coverage   all tests, and which lines and branches none of them reaches (htmlcov/)'
	@echo 'make check   ruff (rules and format), mypy, the directions of imports, the workflows; types,'
	@echo '             style, format and unit tests of the front end'
	@echo 'make fingerprint   what 124,000 random networks become is what it was, with Numba and without,'
	@echo '             on 1, 2 and 4 threads (half an hour; ARGS="--blocks 1/20": a minute)'
	@echo 'make science   compute the figures of the literature again and write them beside the known ones'
	@echo '             (docs/science.md)'
	@echo 'make bench   measure the speed beside its goals and the peers that are installed;'
	@echo '             ARGS=--quick takes about a minute, ARGS="--only 1,2" chooses rows'
	@echo 'make clean   remove .venv, tour/, caches and built files'
	@echo 'PYTHON=/path/to/python3.12 after any of them chooses the Python (3.11 or newer);'
	@echo 'LATEST=1 installs the newest packages, not the versions of constraints.txt'

run: book
	@.venv/bin/hopfield tour
	@echo 'The tour is written: look in tour/'
	@if [ "$(SERVE)" = no ]; then echo 'To read the book: .venv/bin/hopfield book'; \
	else .venv/bin/hopfield book; fi

book:
	@sh tools/setup run
	@.venv/bin/python tools/book.py $${OFFLINE:+--offline} $(SOLUTIONS:no=--no-solutions)

pdf worksheets slides: # of build/book, which is built where it is not there
	@sh tools/setup test
	@test -f build/book/index.html || .venv/bin/python tools/book.py
	@.venv/bin/python tools/paper.py $(@:pdf=book)

test:
	@sh tools/setup test
	@if [ "$(BROWSER)" = no ]; then .venv/bin/python tools/front.py build; \
	else .venv/bin/python tools/book.py --offline --to build/test-book; fi
	@.venv/bin/python -m pytest -n 2 --dist loadscope $(BROWSER:no=--ignore tests/browser) $(ARGS)

oldest: # an old package on a newer one warns of what has a new name there
	@sh tools/setup oldest
	@build/oldest/bin/python tools/front.py build
	@build/oldest/bin/python -m pytest -n 2 --dist loadscope --ignore tests/browser \
	    -W ignore::DeprecationWarning $(ARGS)

torch: # none of it may be left out for want of PyTorch: pytest fails where it finds no test
	@sh tools/setup torch
	@build/torch/bin/python -m pytest -rs tests/torch src/hopfield/torch.py $(ARGS)
	@build/torch/bin/python -m pytest -k torch tests/docs/test_own.py

fuzz:
	@sh tools/setup test
	@.venv/bin/python tools/front.py build
	@HYPOTHESIS_PROFILE=fuzz .venv/bin/python -m pytest -n 2 --dist loadscope -m hypothesis $(ARGS)
	@.venv/bin/python tests/laws/calls.py --seed $$$$ $(CALLS:%=--calls %)

coverage:
	@sh tools/setup test
	@.venv/bin/python tools/book.py --offline --to build/test-book
	@.venv/bin/python -m pytest -n 2 --dist loadscope --cov --cov-report=html \
	    --cov-report=term-missing:skip-covered $(ARGS)

check:
	@sh tools/setup check
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy --strict src
	.venv/bin/lint-imports --no-cache
	.venv/bin/zizmor --offline --strict-collection --quiet .github
	.venv/bin/python tools/front.py check

fingerprint:
	@sh tools/setup test
	@for way in '' '--threads 2' '--threads 4' --alone '--backend numpy' '--backend plain'; do \
	    echo "fingerprint $$way"; .venv/bin/python tools/fingerprint.py check \
	        tests/engine/fingerprint.json $$way $(ARGS) || exit 1; \
	done

science:
	@sh tools/setup test
	@.venv/bin/python -m science --to docs/science.md $(ARGS)

bench:
	@sh tools/setup run
	@.venv/bin/python -m benchmarks $(ARGS)

clean:
	rm -rf .venv tour dist build benchmarks/out web/node_modules web/dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	find src tests tools book benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
