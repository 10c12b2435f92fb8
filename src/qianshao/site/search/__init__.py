"""Search everywhere: duties, units, people, rules, figures and pages, each only as far as the reader may see."""
