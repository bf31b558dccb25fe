"""``python -m hopfield`` is the command line."""

from .cli import main

raise SystemExit(main())
