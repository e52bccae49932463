"""The parts of Project, one module per part of the project guide."""
