"""Scores of a run against dated observations, beside forecasts that anybody could have made on 15 April 2020.

Nothing is fitted: `sim.analysis.calibration` reads no such file, and no import leads from there to here.
"""
