"""`python -m thingwarden`."""

from thingwarden.cli import main

main()
