"""The nouns of the product, one module per class."""
