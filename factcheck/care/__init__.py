"""Care for a corpus: `health` examines and mends it, `archive` and `restore` carry it from place to place."""
