"""The end of one commune: the steps of its erasure, each committed with its row."""
