"""A finished run in other forms."""
