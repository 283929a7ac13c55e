"""Every run of a script draws at the root of the page.

Streamlit keeps the container in which a fragment was drawn as the place for what follows. If the whole page is asked
for while one of its fragments runs, the same thread draws the page next, and would draw all of it into the fragment's
container, below the old page, of which nothing would change.
"""


def reset() -> None:
    """Draw what follows at the root of the page. Call it before anything is drawn."""
    from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value

    context_dg_stack.set(get_default_dg_stack_value())
