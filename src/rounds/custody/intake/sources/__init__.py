"""Foreign tables, read in pieces as they stand: CSV, Excel, Parquet, SAS, Stata, SPSS, and folders of them.

Nothing is guessed about the cells here and nothing is dropped; what stops the reading is said with file and line.
"""
