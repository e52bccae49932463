"""Tasks: the reference's handle on something asynchronous, what `wait_till_done` polls (R-TK)."""
