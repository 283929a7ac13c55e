"""The record of one world: for each decision and milestone the rule, its inputs with values, and the draw."""
