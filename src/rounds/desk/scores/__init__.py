"""Handing in predictions, and the figures drawn on one scale."""
