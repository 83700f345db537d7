"""The learning instrument: what people know when they come, and which lessons that suggests."""
