"""The event's grading service: it takes what learners hand in, has answers judged, and grades in a bounded queue."""
