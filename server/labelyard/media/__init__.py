"""What is in a file: its media type, size and duration, and small pictures of it. Knows no product word."""
