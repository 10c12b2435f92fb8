"""The map of the city: a file of shapes set by the administrator, drawn from whatever table stands behind it."""
