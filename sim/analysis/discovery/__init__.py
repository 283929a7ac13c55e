"""Discovery: the conditions under which an outcome comes, as a box of a few limits. Knows arrays, and nothing of studies."""
