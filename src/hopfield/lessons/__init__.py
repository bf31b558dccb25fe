"""Content: the course's cases, the gallery's plates, the tour."""
