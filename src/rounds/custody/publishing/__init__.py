"""From a de-identified dataset to folders that a team may open: sample, hold-out, hashes, sign-offs.

Nothing here decides what is safe; ``rounds.custody.privacy`` does.
"""
