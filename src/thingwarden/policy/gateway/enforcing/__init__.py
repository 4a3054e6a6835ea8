"""A policy -> rules in the kernel of this machine: switched on in steps, confirmed, or taken back."""
