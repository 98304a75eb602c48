"""Configs, presets and overrides: TOML in, a pipeline and a fingerprint out."""
