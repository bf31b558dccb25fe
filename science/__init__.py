"""The field's figures, computed again: ``python -m science`` compares each with what is known.

Each module here has one subject and a list `WORKS`. A work is a function that yields figures;
quick ones are tests too.
"""
