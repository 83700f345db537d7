"""The custodian's side: from a hospital's tables to signed publications and scores; no room may import it."""
