"""The rulebook: loaded, compiled into one matcher, linted and checked against its own examples."""
