"""The draft of decisions: proposals with their evidence, written for a person to edit."""
