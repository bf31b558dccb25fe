"""What everything stands on; it imports NumPy alone."""
