"""Runs that pages share, in the foreground and in the background."""
