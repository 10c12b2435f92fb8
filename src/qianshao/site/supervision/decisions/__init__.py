"""From a decision to its items: a file or pasted text is read, a clerk corrects, and the items are opened together."""
