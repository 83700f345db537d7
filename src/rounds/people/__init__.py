"""The people of an event: their invitations and their way in."""
