"""The database engine: role and path of the commune go in the same message as each query."""
