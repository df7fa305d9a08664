"""Forest fire: danger of the day, behaviour of a front, when it arrives, and who must be gone by then."""
