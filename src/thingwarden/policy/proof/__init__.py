"""A policy and traffic -> what would pass and what would be stopped, by two judges, and a receipt of it."""
