"""The actors: one file each. Every actor reads the Situation and returns its Decision."""
