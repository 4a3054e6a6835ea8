"""What must always or never be possible for a device, proved of its rules before they are enforced."""
