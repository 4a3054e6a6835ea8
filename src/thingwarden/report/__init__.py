"""A `Report` -> terminal, HTML, JSON; a JSON report and its captures -> what still holds."""
