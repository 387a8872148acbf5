"""What a conversion needs of clean customers: rows of a target, whether they would load, and the shortest way there."""
