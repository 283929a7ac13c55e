"""Expressions over daily series: outcomes of one's own, such as `days attacks > 150 before talks_open`."""
