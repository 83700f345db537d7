"""What the synthetic cohorts must look like, and the measures that hold it: for benchmarks and tests."""
