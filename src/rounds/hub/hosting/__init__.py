"""Under which addresses hub, desk and rooms are found, and what keeps users' code away from the hub."""
