"""The controls of the sidebar and of maps."""
