"""Alternative sets of facts: figures that another source or another reading gives in place of the text's."""
