"""Studies: scripted batches. A plan says what to run, a design at which points, a folder holds what is done."""
