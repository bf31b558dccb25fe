"""Arrays to figures, results to pages."""
