"""Labelyard's server and worker: nearly every folder here is a noun of the product (see ARCHITECTURE.md)."""
