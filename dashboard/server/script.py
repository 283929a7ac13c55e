"""The script that Streamlit runs at every change. Its imports are done once, before the first page is drawn."""

from dashboard.server import page_root, warmup

page_root.reset()
warmup.wait()

from dashboard.app import main  # noqa: E402  not while the first import is still running

main()
