"""Discovery in a study: under which levers and margins the outcome comes, said in words and checked on fresh worlds."""
