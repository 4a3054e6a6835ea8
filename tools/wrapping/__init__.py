"""How well learnt policies wrap: later days, attacks, certificates."""
