"""Labels: all annotations of one data row by one labeler in one project (R-LB)."""
