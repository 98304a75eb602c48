"""Configs: TOML files, presets and overrides, checked whole and turned into stages."""
