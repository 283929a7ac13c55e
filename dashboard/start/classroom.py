"""What Streamlit runs again at every move in a class on the room's network: the class pages and nothing else."""

from dashboard.classroom.app import main

main()
