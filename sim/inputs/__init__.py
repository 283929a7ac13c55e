"""The inputs of a run: facts, parameters, provinces, scenarios and interventions; how they are read and checked."""
