"""The commonest failures of pandas: its columns, rows, dates and files."""
