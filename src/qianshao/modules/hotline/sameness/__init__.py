"""What a person decided about which orders are the same matter; every later grouping keeps it."""
