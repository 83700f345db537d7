"""What the explorers count: bins, linked selections, cohort steps, and what may be shown of them."""
