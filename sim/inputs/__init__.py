"""What a run is given: facts, parameters, provinces, scenarios and interventions, read and checked."""
