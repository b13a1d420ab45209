"""Migrating all communes: survey, plan once, apply to each over several connections, report."""
