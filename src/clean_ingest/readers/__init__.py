"""Where raw documents come from."""
