"""The data dictionary, and the questions and answers about its columns."""
