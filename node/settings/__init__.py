"""Settings: `skillnet.toml` under the data folder, overridden by `SKILLNET_*`; each documented in `declared`."""
