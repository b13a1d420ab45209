"""The state machine: requested → schema → tables → reference data → files → first accounts → domain → ready."""
