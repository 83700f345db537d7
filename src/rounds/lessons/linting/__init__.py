"""What a lesson lacks, and what in it gives an answer away."""
