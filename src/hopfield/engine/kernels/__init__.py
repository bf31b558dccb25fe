"""Free functions on plain arrays; validation, shapes and defaults live in the rooms above."""
