"""The CSS that the dashboard adds to Streamlit's; colours follow the theme through `currentColor`.

Streamlit's own buttons on a chart are hidden: what they save has no title, names fields and not what was run, and does
not say that it is no forecast. "Export chart" below each chart saves the same with all of that.

Streamlit's captions have a contrast of 3.9, and its white text on the primary colour of the dark theme one of 2.2; 4.5
is needed (WCAG 2.2, 1.4.3).
"""

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.render import wrapped_table

ICON: Final = str(Path(__file__).with_name("icon.svg"))  # a Material icon would be fetched from another server
CSS: Final = """
.around {container-type: inline-size;}
.tiles {display: grid; gap: .6rem; grid-template-columns: repeat(6, 1fr);}
@container (max-width: 72rem) {.tiles {grid-template-columns: repeat(3, 1fr);}}
@container (max-width: 34rem) {.tiles {grid-template-columns: 1fr 1fr; gap: .4rem;}}
.tile {border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .5rem;
  padding: .6rem .75rem;}
.tile .label {font-size: .9rem; opacity: .85;}
.tile .figure {font-size: 1.6rem; font-weight: 600; line-height: 1.35;}
.tile .change {font-size: .9rem;}
.tile .badge {font-size: .82rem; display: inline-block; margin-top: .25rem; padding: 0 .45rem; border-radius: .6rem;
  border: 1px solid currentColor;}
.tile.significant .badge {background: #084b83; border-color: #084b83; color: #fff; font-weight: 600;}
.tile.uncertain .badge {border-style: dashed;}
.tile:is(.none, .slight, .apart) .badge {opacity: .65; border-color: transparent; padding-left: 0;}
.tile .worlds {font-size: .82rem; opacity: .85; margin-top: .15rem;}
.usual {font-size: .8rem; line-height: 1.35; opacity: .88; margin: -1.3rem 0 .35rem;}
[data-testid="stSidebar"] [data-testid="stSliderTickBar"] {display: none;}
.usual.flag {margin-top: -.3rem;}
.usual .track {position: relative; height: .55rem; margin: 0 .2rem .15rem;}
.usual .band {position: absolute; top: .2rem; height: .2rem; border-radius: .1rem; background: currentColor;
  opacity: .45;}
.usual .mark {position: absolute; top: 0; width: 0; height: 0; margin-left: -.3rem; border: .3rem solid transparent;
  border-bottom-color: currentColor; border-top-width: 0;}
.usual b {font-weight: 600;}
.response {font-size: .8rem; line-height: 1.35; margin: .25rem 0 .45rem;}
.response .plot {position: relative; height: 28px; margin: 0 .2rem;}
.response .line {position: absolute; inset: 0; background: currentColor;}
.response .dot {position: absolute; width: .6rem; height: .6rem; margin: -.3rem; border-radius: 50%;
  background: #2b83c9; border: 1px solid currentColor;}
.response .ends {display: flex; justify-content: space-between; min-height: 1.35em; margin-top: .15rem;}
.response.flag {min-height: 1.35em;}
.response.old .plot {opacity: .35;}
.legend {display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: .88rem; margin-bottom: -.6rem;}
.legend .key {display: inline-block; width: 1.15rem; margin-right: .4rem; vertical-align: middle;
  border-top: 3px solid var(--shade);}
.legend .key.area {height: .8rem; background: var(--shade); border: 0;}
.legend .key.dash {border-top-style: dashed; border-top-width: 2px;}
.changed, .st-key-changed label p {font-size: .88rem; line-height: 1.4;}
.st-key-rest > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"],
.st-key-rest [data-testid="stHorizontalBlock"] {flex-wrap: wrap;}
.st-key-rest [data-testid="stColumn"] {min-width: min(100%, 33rem); flex: 1 1 33rem;}
[data-testid="stMain"] h2 {font-size: 1.5rem;}
.st-key-begin h2 {font-size: 1.4rem;}
.st-key-rest h2 {font-size: 1.2rem;}
.st-key-begin h3 {font-size: 1.15rem;}
h1 {font-size: 1.75rem !important; padding: .2rem 0 .3rem !important;}
.summary {font-size: 1.1rem; line-height: 1.45; margin-bottom: .2rem;}
.differs {font-size: .88rem; line-height: 1.4;}
.story {line-height: 1.5; max-width: 46rem;}
.story li {margin-bottom: .35rem;}
.source {font-size: .8rem; opacity: .8; white-space: nowrap;}
.parties {display: grid; grid-template-columns: 1.2fr 1fr 1.2fr; gap: .6rem; max-width: 56rem; align-items: stretch;}
.parties > div {font-size: .92rem; line-height: 1.4; padding: .55rem .7rem;}
.parties .party {border: 2px solid currentColor; border-radius: .5rem;}
.parties .party b {display: block;}
.parties .between {text-align: center; align-self: center;}
.parties .arrow {display: block; font-size: 1.35rem; line-height: 1.1;}
@container (max-width: 40rem) {
  .parties {grid-template-columns: 1fr;}
  .parties .between {text-align: left; border-left: 2px solid color-mix(in srgb, currentColor 40%, transparent);
    margin-left: .8rem;}
  .parties .arrow {display: none;}
}
.hundred {display: flex; flex-wrap: wrap; gap: .8rem 2.5rem;}
.hundred .dots {display: grid; grid-template-columns: repeat(20, .7rem); gap: .2rem; margin-top: .25rem;}
.hundred i {width: .7rem; height: .7rem; border-radius: 50%; border: 1px solid currentColor; opacity: .55;}
.hundred i.on {background: #2b83c9; border-color: #2b83c9; opacity: 1;}
.facts {border-collapse: collapse; font-size: .92rem; max-width: 56rem;}
.facts :is(th, td) {text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top;
  border-bottom: 1px solid color-mix(in srgb, currentColor 22%, transparent);}
.facts td.number {white-space: nowrap;}
.chain {max-width: 46rem;}
.chain .link {border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: .5rem;
  padding: .4rem .7rem; font-size: .92rem; line-height: 1.4;}
.chain .link.tried {border-width: 2px; border-color: #0072b2;}
.chain .when {font-weight: 600; font-size: .85rem;}
.chain .more {font-size: .86rem;}
.chain .ground {font-size: .78rem; opacity: .75;}
.chain .joint {padding-left: 1.2rem; line-height: 1.25; font-size: 1.1rem;}
.readings {display: grid; gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));}
.readings .reader {border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem;
  padding: .5rem .75rem; font-size: .9rem; line-height: 1.4;}
.readings .reader > b {font-size: 1rem;}
.readings ul {list-style: none; margin: .3rem 0 0; padding: 0;}
.readings li {margin: 0 0 .4rem; padding-left: 1.5rem; position: relative;}
.readings li::before {position: absolute; left: 0; content: "○";}
.readings li.met::before {content: "●"; color: #0072b2;}
.readings li.apart::before {content: "-";}
.readings .said {display: block; font-size: .84rem; opacity: .85;}
.st-key-why-tiles > div, .st-key-why-tiles {gap: .3rem .9rem;}
.st-key-why-milestones {row-gap: 0;}
.st-key-story [data-testid="stHorizontalBlock"] {gap: .5rem; flex-wrap: nowrap;}
.forecast {font-size: .85rem; opacity: .85;}
[data-testid="stCaptionContainer"] {color: inherit !important; opacity: .8;}
:is([data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"]) :is(p, span) {
  color: light-dark(#fff, #0e1117);}
[data-testid="stExpander"] summary {color: inherit !important; opacity: .9;}
.narrow {display: none;}
[data-testid="stTopNavLink"]:focus-visible, [data-testid="stElementToolbar"] button:focus-visible {
  outline: 2px solid currentColor; outline-offset: -2px;}
[data-testid="stElementToolbar"]:focus-within {opacity: 1;}
[data-testid="stElementToolbarButton"]:has(
  [aria-label*="Download as PNG"], [aria-label*="Copy Vega-Lite"], [aria-label*="Show data"]) {display: none;}
[data-testid="stMainBlockContainer"] {padding-top: 4.2rem; padding-bottom: 3rem;}
[data-testid="stSidebarUserContent"] {padding-top: .5rem;}
@media (max-width: 640px) {
  .narrow {display: inline;}
  [data-testid="stMainBlockContainer"] {padding-left: .9rem; padding-right: .9rem;}
  .tile {padding: .45rem .5rem;}
  .facts {font-size: .82rem;}
  .facts :is(th, td) {padding: .3rem .35rem .3rem 0;}
  .facts td.number {white-space: normal;}
  .tile .figure {font-size: 1.25rem;}
}
"""


def apply() -> None:
    """Add the CSS to the page."""
    st.html(f"<style>{CSS}{wrapped_table.CSS}</style>")
