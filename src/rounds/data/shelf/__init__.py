"""What a room may open, and when: catalogue, attachments and their ledger, sizes, phases."""
