"""Measuring factcheck on labelled sets: sets read from files, systems run on them, scores with intervals."""
