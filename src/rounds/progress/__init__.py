"""What each person and team has done, read from what they handed in and from the check buttons."""
