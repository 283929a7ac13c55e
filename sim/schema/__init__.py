"""The names that are the interface - series, milestones, levers, outcomes, calendar - and checks of values."""
