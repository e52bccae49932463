"""Measurements, each beside its bare limit taken in the same run (`make bench`)."""
