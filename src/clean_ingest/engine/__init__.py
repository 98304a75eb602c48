"""Runs: the plan, its shards, the workers; and what can be done with a finished run."""
