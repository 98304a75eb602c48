"""From raw documents to documents: decoding."""
