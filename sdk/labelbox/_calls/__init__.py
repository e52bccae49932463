"""The parts of Client, one module per noun."""
