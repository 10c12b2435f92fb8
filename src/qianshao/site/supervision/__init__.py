"""Pages over supervision, budgets and appraisal: what no single list shows."""
