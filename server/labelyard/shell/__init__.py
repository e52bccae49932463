"""Commands for the shell: they work on a running server, through the SDK, and know nothing of its code.

`labelyard import` and `labelyard export`. Each format has one file with its reader and its writer.
"""
