"""The fictional town of the demo: people, households and businesses made from a seed, and their year played in order."""
