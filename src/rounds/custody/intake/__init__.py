"""From a hospital's files to a dataset: read, propose, decide, import."""
