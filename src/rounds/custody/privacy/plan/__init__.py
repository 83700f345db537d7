"""The plan that a custodian reads: what is to be done to each column, and what that promises."""
