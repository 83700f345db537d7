"""What a room may open, and when: catalogue, attachments, sizes, phases."""
