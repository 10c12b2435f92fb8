"""What the cockpit shows below its first view: what a reader owes next, who is silent, and the drawings with their tables."""
