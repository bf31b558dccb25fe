"""The examples in docstrings are tests; those of a bridge run where its host is installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["hopfield/torch.py"]  # no part of the extra `test`
