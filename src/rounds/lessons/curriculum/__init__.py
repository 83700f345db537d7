"""The lessons seen together: what each one teaches, and how much of everything there is."""
