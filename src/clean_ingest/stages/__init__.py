"""One file a stage: each looks at a document and proposes edits, tags or a drop."""
