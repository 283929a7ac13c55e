"""The script that Streamlit runs at every move of the slider in `benchmarks.floor`."""

from benchmarks.floor import page

page()
