"""What a challenge asks, its honest baselines, and handing in predictions."""
