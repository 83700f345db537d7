"""The desk's pages of help: ask, see who waits, take a request, answer it, close it."""
