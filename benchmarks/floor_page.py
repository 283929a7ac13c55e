"""What Streamlit runs at every move of the floor's slider."""

from benchmarks.floor import page

page()
