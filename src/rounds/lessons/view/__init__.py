"""The lesson as a page: what each cell is for, which cells run by themselves, and what a page keeps of its widgets."""
