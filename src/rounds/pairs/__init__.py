"""Two people who do one lesson together: a code joins them, and what either hands in counts for both."""
