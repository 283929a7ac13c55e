"""Running the model: one scenario or many, batches of points, sampled parameters, sequential stopping."""
