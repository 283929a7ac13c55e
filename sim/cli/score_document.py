"""Scores as a JSON document."""

from typing import TYPE_CHECKING, Any

from sim.cli.document import fields
from sim.schema.disclaimer import NOT_A_FORECAST

if TYPE_CHECKING:
    from sim.analysis.scoring.scores import ObservationScore, Scores


def score_document(found: "Scores") -> dict[str, Any]:
    """Return scores: scenario and size, each observation with its bands and forecasts, coverage, the comparison."""
    from sim.analysis.scoring.sentences import sentences

    scenario = found.scenario
    return {
        "note": NOT_A_FORECAST,
        "scenario": scenario.name,
        "title": scenario.title,
        "hash": scenario.hash(),
        **{name: getattr(found, name) for name in ("seed", "worlds", "first", "assumptions")},
        "observations_title": found.observations.title,
        "observations": [_row(one) for one in found.rows],
        "coverage": [fields(one) for one in found.coverage],
        "versus": [fields(one) | {"significant": bool(one.significant)} for one in found.versus],
        "sentences": sentences(found),
    }


def _row(one: "ObservationScore") -> dict[str, Any]:
    """Return one observation with its scores."""
    bands = {str(band.level): fields(band, "level") for band in one.bands}
    forecasts = {forecast.name: fields(forecast, "name") for forecast in (one.ensemble, *one.naive)}
    return fields(one.observation) | {"median": one.median, "bands": bands, "forecasts": forecasts}
