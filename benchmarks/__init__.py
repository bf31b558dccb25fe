"""How fast the package is, beside the goals it was given and the peers that are installed."""
