"""A small government site of 刺桐市 with one known flaw for every inspection item; invented, made for a day, never fetched."""
