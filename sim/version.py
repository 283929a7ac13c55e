"""The version of Jirga, which runs, studies and pages name."""

__version__ = "0.1.0"
