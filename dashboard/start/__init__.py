"""Where Streamlit starts: apart from `pages`, which it would otherwise take for pages of its own."""
