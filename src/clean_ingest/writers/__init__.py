"""Where outcomes go: Arrow schemas, Parquet parts, the manifest."""
