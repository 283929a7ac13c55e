"""Running the model: one or more scenarios, design points, sampled parameters, sequential stopping."""
