"""Documents that cross the border: each has one reader and one writer here, with every key spelled out.

Ontologies, annotation NDJSON, label documents, data row descriptors, exports (docs/wire/). No product rule
that needs a database, no input or output.
"""
