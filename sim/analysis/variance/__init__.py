"""Shares of variance: how much of an outcome rests on assumptions, on decisions and on luck."""
