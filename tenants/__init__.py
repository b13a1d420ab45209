"""The Commune (tenant), its Domain, its state, and how a request finds it."""
