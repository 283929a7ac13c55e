"""Discovery in a study: under which levers and margins an outcome comes, said in words and checked on fresh worlds."""
