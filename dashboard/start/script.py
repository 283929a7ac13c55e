"""What Streamlit runs again at every move. All that it needs is imported once, before the first visitor."""

from dashboard.app import main

main()
