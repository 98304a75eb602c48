"""`python -m clean_ingest` is the command `clean-ingest`."""

from clean_ingest.cli import main

if __name__ == "__main__":
    main()
