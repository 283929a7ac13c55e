"""What a run gives: labelled arrays, tables, comparisons, and moments that add up."""
