"""What everything shown has in common: colours, values in few characters, blocks of words, outputs of the kernel."""
