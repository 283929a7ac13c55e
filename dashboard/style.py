"""The little style of its own that the dashboard needs; colours follow Streamlit's theme by way of `currentColor`."""

from typing import Final

import streamlit as st

CSS: Final = """
.tiles {display: grid; gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(11.2rem, 1fr));}
.tile {border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .5rem; padding: .6rem .75rem;}
.tile .label {font-size: .9rem; opacity: .85;}
.tile .figure {font-size: 1.6rem; font-weight: 600; line-height: 1.35;}
.tile .change {font-size: .9rem;}
.tile .badge {font-size: .82rem; display: inline-block; margin-top: .25rem; padding: 0 .45rem; border-radius: .6rem;
  border: 1px solid currentColor;}
.tile.beyond .badge {background: #084b83; border-color: #084b83; color: #fff; font-weight: 600;}
.tile.luck .badge {border-style: dashed;}
.tile.none .badge {opacity: .65; border-color: transparent; padding-left: 0;}
.tile .worlds {font-size: .82rem; opacity: .85; margin-top: .15rem;}
.usual {font-size: .8rem; line-height: 1.35; opacity: .88;}
.usual .track {position: relative; height: .55rem; margin: 0 .2rem .15rem;}
.usual .band {position: absolute; top: .2rem; height: .2rem; border-radius: .1rem; background: currentColor; opacity: .45;}
.usual .mark {position: absolute; top: 0; width: 0; height: 0; margin-left: -.3rem; border: .3rem solid transparent;
  border-bottom-color: currentColor; border-top-width: 0;}
.usual b {font-weight: 600;}
.forecast {font-size: .85rem; opacity: .85;}
[data-testid="stMainBlockContainer"] {padding-top: 4.2rem; padding-bottom: 3rem;}
[data-testid="stSidebarUserContent"] {padding-top: .5rem;}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] {padding-left: .9rem; padding-right: .9rem;}
  .tiles {grid-template-columns: 1fr 1fr; gap: .4rem;}
  .tile {padding: .45rem .5rem;}
  .tile .figure {font-size: 1.25rem;}
}
"""


def put() -> None:
    """Put the style on the page."""
    st.html(f"<style>{CSS}</style>")
