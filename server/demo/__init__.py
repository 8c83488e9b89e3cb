"""The fictional town of the demo: its people, households and businesses, and the deeds of its years."""
