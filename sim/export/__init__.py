"""Run folders and the manifest that says what made them."""
