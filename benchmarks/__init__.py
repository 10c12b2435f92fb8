"""What the product costs, as ratios against something named in the same run."""
