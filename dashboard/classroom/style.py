"""The CSS of the class pages: cards, news, figures, and the large type of the projector view."""

from typing import Final

import streamlit as st

from dashboard.classroom.server_config import on_network

# No page here has a dialog of its own: the only one is Streamlit's when the server does not answer, which asks for the
# internet that a class does without. Its words cannot be set otherwise.
CSS: Final = """
[data-testid="stMain"] :is(.stHeading, .stHtml) h2 {font-size: 1.4rem; padding: .6rem 0 .3rem;}
[data-testid="stMain"] :is(.stHeading, .stHtml) h3 {font-size: 1.2rem; padding: .4rem 0 .2rem;}
/* The label of a control that waits stays as readable as any; the control itself is pale. */
[data-testid="stWidgetLabel"], [data-testid="stWidgetLabel"] :is(span, div, p) {color: inherit !important;}
.st-key-draw-again, [data-testid="stElementContainer"]:has([data-drawn]) {display: none;}
.clock {font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums;}
.clock.soon {background: #d55e00; color: #fff; border-radius: .4rem; padding: 0 .5rem; width: fit-content;}
.st-key-projector .where {font-size: 1.6rem;}
.where {font-size: 1.05rem; line-height: 1.45;}
.where .phase {display: inline-block; padding: 0 .55rem; border-radius: .7rem; border: 1px solid currentColor;
  font-size: .9rem; margin-left: .35rem;}
.where .phase.open {background: #0a6b4b; border-color: #0a6b4b; color: #fff;}
.prose p {margin: 0 0 .7rem;}
.news {margin: 0 !important; padding: 0 !important; list-style: none;}
.news li {padding: .4rem 0; margin: 0 !important; font-size: inherit !important;
  border-bottom: 1px solid color-mix(in srgb, currentColor 16%, transparent);
  overflow-wrap: anywhere;}
.news .when, .soft {font-size: .86rem; opacity: .85;}
.headline {font-size: 1.15em; overflow-wrap: anywhere;}
.news .inject {border-left: .25rem solid #d55e00; padding-left: .5rem;}
.news .said {border-left: .25rem solid #6b6b6b; padding-left: .5rem;}
.news .deal, .news .order {border-left: .25rem solid #0b62a8; padding-left: .5rem;}
.seats {width: 100%; border-collapse: collapse; font-size: .95rem;}
.seats th, .seats td {text-align: left; padding: .25rem .5rem .25rem 0; vertical-align: top;
  border-bottom: 1px solid color-mix(in srgb, currentColor 16%, transparent);}
.seats th {font-weight: 600; font-size: .86rem;}
.wide {overflow-x: auto;}
.code {font-family: "Source Code Pro", ui-monospace, monospace; font-weight: 600; letter-spacing: .04em;
  white-space: nowrap;}
.invites {display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr));}
.invite {border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .5rem; padding: .7rem;
  text-align: center; overflow-wrap: anywhere;}
.invite img, .bigqr img {width: 100%; max-width: 11rem; background: #fff; border-radius: .3rem;}
.invite .slip {display: none;}
.invite a {font-size: .86rem; color: inherit;}
.steps {border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .5rem;
  padding: .6rem .8rem;}
.steps ul {margin: .3rem 0 0 !important; padding: 0 !important; list-style: none;}
.steps li {margin: .15rem 0 !important; font-size: inherit !important;}
.steps .done {opacity: .7;}
.aims td:last-child {white-space: nowrap; padding-right: 0;}
.sides {display: grid; gap: .6rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));}
.scale {display: flex; justify-content: space-between; gap: 1rem;}
.scale span:last-child {text-align: right;}
.terms {margin: .2rem 0; padding-left: 1.1rem;}
.note {white-space: pre-wrap; overflow-wrap: anywhere; border-left: .2rem solid currentColor; padding-left: .6rem;
  margin: .4rem 0;}
.projector {font-size: 1.5rem; line-height: 1.4;}
[data-testid="stMain"] .stHtml .projector h2 {font-size: 2.3rem; margin: 0; padding: 0;}
[data-testid="stMain"] .stHtml .projector h3 {font-size: 1.7rem;}
.projector .code {font-size: 1.45rem;}
.projector .columns {display: grid; gap: 1rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));}
.projector .news, .projector .news li div {font-size: 1.3rem !important; line-height: 1.35;}
.projector .news .when {font-size: 1.1rem;}
.projector p .headline {font-size: 2rem; line-height: 1.3;}
.projector .sides {grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr));}
.projector .more {font-size: 1.2rem; opacity: .85;}
.projector .seats {font-size: 1.35rem;}
.projector .join {font-size: 1.7rem; font-weight: 600; overflow-wrap: anywhere;}
.st-key-projector .clock {font-size: 4.5rem; line-height: 1.15;}
[data-testid="stDialog"] section > div:last-child {font-size: 0;}
[data-testid="stDialog"] section > div:last-child::after {font-size: 1rem;
  content: "The teacher's laptop does not answer. \
Stay in its network: this page comes back by itself, and everything that it confirmed is kept.";}
@media (max-width: 640px) {
  .projector {font-size: 1.15rem;} .projector .code {font-size: 1.05rem;}
  [data-testid="stMain"] .stHtml .projector h2 {font-size: 1.5rem;}
  [data-testid="stMain"] .stHtml .projector h3 {font-size: 1.2rem;}
  .projector .seats {font-size: 1.02rem;} .projector .join {font-size: 1.2rem;}
  .st-key-projector .clock {font-size: 2.6rem;}
  [data-testid="stTab"] {padding-left: 0; padding-right: 0;}
}
"""


def apply() -> None:
    """Add the CSS to the page; on the class server there is no navigation bar to leave space for."""
    alone = "[data-testid=stMainBlockContainer] {padding-top: 1.2rem;}" if on_network() else ""
    st.html(f"<style>{CSS}{alone}</style>")
