"""What people are told, in the product and outside."""
