"""Same matter: messages in groups, and what becomes hot. Free of Django; the sciences are imported when used."""
