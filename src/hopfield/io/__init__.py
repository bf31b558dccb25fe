"""Files, pictures, and patterns from other people's formats."""
