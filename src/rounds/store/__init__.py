"""What Rounds keeps: the folders of one event and its database."""
