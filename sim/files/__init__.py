"""Files: atomic writing and strict reading of TOML. Independent of the model."""
