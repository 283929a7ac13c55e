"""The class exercise: seats, rounds, predictions and the joint review, all derived from one log of events."""
