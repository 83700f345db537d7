"""How each marginal is measured: frames derived from the Parquet files, and one small function for each figure."""
