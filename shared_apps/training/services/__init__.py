"""What happens to trainings and their sessions, one module a subject."""
