"""Files: writes that are whole or absent, and strict reading of TOML. Knows nothing of the model."""
