"""The script that Streamlit runs at every change. Imports are done once, by one thread, before a page is drawn."""

from dashboard.server import page_root, warmup

page_root.reset()
warmup.wait_for_app()

from dashboard.app import main  # noqa: E402  not while the first import is still running

main(warmup.wait)
warmup.drawn()
