"""Runs that pages share: cached, in the foreground and in the background."""
