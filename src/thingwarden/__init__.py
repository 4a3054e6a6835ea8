"""Which connected things can you depend on? Start reading at `thingwarden.pipeline`."""

__version__ = "0.1.0"
