"""What names and values of a column give away: people, dates, numbers of a person."""
