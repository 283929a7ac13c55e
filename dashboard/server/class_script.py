"""What Streamlit runs again at every move in a class on the room's network: the class pages and nothing else."""

from dashboard.class_app import main

main()
