"""Pure rules: standard library only, nothing here reads the time, a file of the city, or a database."""
