"""Another name of the SDK's core, as newer clients split it: the same objects as in `labelbox`."""
