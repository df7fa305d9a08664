"""What the bureau knows: tables, sources, coordinates, worlds."""
