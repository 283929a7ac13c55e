"""Tested causes: what an event needs, what is enough for it, and how much of it each factor accounts for."""
