"""The report to sign: pictures, page, signature."""
