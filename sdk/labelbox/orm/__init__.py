"""Declarations of the wire's objects, and the documents made from them."""
