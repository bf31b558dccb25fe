"""The lab: one front end for a page of the book and, as a widget, for a notebook."""
