"""Building blocks with no table and no business word: tenant context, permission door, registries, components."""
