"""Results of a run: labelled arrays, tables, comparisons, and running moments."""
