"""Datasets: a dataset is a collection of data rows (R-DS)."""
