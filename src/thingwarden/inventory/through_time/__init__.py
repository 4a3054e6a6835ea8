"""One device through time: which hardware addresses are the same thing, how sure, and why."""
