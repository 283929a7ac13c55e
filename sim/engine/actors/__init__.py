"""The actors, one per file. Every actor observes the Situation and returns its Decision."""
