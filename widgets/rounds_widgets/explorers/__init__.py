"""Explorers of a dataset, and the dashboards made of them."""
