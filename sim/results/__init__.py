"""Results of a run: labelled arrays, tables, comparisons, intervals, and running moments."""
