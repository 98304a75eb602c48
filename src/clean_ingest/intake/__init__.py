"""From raw documents to documents: decoding, and rendering of pages."""
