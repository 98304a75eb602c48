"""clean_ingest: raw web documents in, clean text out, with every removal accounted for."""
