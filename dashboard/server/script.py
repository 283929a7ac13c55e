"""What Streamlit runs again at every move. All that it needs is imported once, before the first page is drawn."""

from dashboard.server import warmup

warmup.wait()

from dashboard.app import main  # noqa: E402  not while the first import is under way

main()
