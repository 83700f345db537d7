"""Who stands in a crowd: equivalence classes over quasi-identifiers, their k, l and t, and the views counted."""
