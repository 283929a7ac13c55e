"""Images of charts: SVG and PNG, made on this machine without any network."""

from xml.sax.saxutils import quoteattr

from sim.charts.theme import VEGA_LITE, Spec

SCALE = 2.0  # PNG pixels per CSS pixel


def svg(spec: Spec) -> str:
    """Return the chart as SVG text, with its description for screen readers.

    Raises ValueError if the spec is not a valid chart.
    """
    import vl_convert  # 30 MB: imported only when an image is made

    drawn = str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))
    text = quoteattr(spec.get("description", ""))
    return drawn.replace("<svg ", f'<svg role="img" aria-label={text} ', 1)


def png(spec: Spec, *, scale: float = SCALE) -> bytes:
    """Return the chart as PNG bytes, `scale` pixels per CSS pixel. Raises ValueError for an invalid spec."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[]))
