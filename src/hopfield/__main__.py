"""``python -m hopfield`` is the command line."""

from .cli.app import main

raise SystemExit(main())
