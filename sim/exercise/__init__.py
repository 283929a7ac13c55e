"""The class exercise: seats, rounds, predictions and the joint review, over one log of events."""
