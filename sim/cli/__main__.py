"""`python -m sim.cli`: the command where it is not installed."""

from sim.cli import main

main()
