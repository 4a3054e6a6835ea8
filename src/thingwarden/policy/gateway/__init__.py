"""A policy -> what the kernel of a gateway is told: rules, sets, the resolver's part."""
