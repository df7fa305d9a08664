"""What people decide: incidents, teams, dispatch, closures."""
