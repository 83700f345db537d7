"""Teaching widgets: one Python file, one ES module and one style sheet each."""
