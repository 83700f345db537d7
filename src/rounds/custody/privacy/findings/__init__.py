"""What an expert would find: each module looks for one way in which tables tell who somebody is."""
