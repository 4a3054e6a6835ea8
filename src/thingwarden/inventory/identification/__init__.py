"""Tokens of evidence + knowledge of kinds -> what each device is, how sure, and why."""
