"""The script that Streamlit runs at every change on the class server: the class pages and nothing else."""

from dashboard.class_app import main
from dashboard.server import page_root

page_root.reset()
main()
