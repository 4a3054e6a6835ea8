"""What devices do -> the least network each needs, written, proved and switched on."""
