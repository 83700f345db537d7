"""The rules: which error is known by what, and what is said of it."""
