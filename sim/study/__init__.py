"""Studies: batches of runs. A plan says what to run, a design has the points, a folder contains the results."""
