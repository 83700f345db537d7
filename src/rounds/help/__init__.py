"""Asking a person for help, and being answered: what is asked, the queue, and who may do what with a request."""
