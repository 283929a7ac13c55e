"""The names of the interface (series, milestones, levers, outcomes), the calendar, and checks of values."""
