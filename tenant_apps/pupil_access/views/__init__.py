"""The child's pages (`children`), open to all; the teacher's (`classes`, `pupils`)."""
