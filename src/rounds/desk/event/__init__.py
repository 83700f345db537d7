"""The event's pages: home and next steps, teams, lessons board, dashboards, invitations, overview, words."""
