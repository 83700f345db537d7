"""The desk's pages of the learning instrument: the ten questions, and the path that they suggest."""
