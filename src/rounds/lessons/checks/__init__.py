"""The exercises and questions of each tutorial, one module each, named by the tutorial's id."""
