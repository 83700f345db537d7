"""A lesson in a learning server: its page, its text at once, hand-in from the page, what is saved and put right."""
