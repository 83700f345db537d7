"""What the cells of a foreign table look like, and what is proposed for each column, with its evidence."""
