"""Documents, edits, the ledger and the pipeline. Standard library only."""
