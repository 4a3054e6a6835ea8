"""One protocol a file: bytes in, facts out. No adjectives, no thresholds."""
