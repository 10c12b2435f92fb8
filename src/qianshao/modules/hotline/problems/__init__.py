"""What many calls have behind them: a problem of the system, its rectification, and whether it came back."""
