"""The same loop, fast."""
