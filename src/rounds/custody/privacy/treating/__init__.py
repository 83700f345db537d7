"""Carrying a plan out: ids, dates, words and values are changed, then coarsened until k holds."""
