"""Pages that follow the event without being loaded again: what is looked at, and the streams that tell of a change."""
