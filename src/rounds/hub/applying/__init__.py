"""What applying an event file ends, and what of it waits for a later start: said before and after it is done."""
