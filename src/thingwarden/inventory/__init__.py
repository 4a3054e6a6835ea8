"""Facts -> devices, identities, peers."""
