"""What leaves the desk: reviewed claims and articles in formats for people and for other fact-checkers."""
