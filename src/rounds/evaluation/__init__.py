"""Measures of a prediction, and their intervals: for scores, baselines, lessons and explorers."""
