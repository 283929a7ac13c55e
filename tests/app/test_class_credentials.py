"""A seat that was left stays left, whatever address a request of the page still carries."""

from streamlit.testing.v1 import AppTest

from dashboard.classroom import credentials

SEAT = "a-token"


def _page() -> None:
    import streamlit as st

    from dashboard.classroom import credentials

    st.text(credentials.token() or "the door")
    st.button("Leave", on_click=credentials.drop_token)
    st.button("Join", on_click=credentials.hold_token, args=("a-token",))


def _opened() -> AppTest:
    page = AppTest.from_function(_page)
    page.query_params[credentials.SEAT] = SEAT
    return page.run()


def test_a_seat_that_was_left_stays_left() -> None:
    page = _opened()
    assert page.text[0].value == SEAT
    page.button[0].click().run()
    assert page.text[0].value == "the door"
    page.query_params[credentials.SEAT] = SEAT  # as the clock of the page of before sends it
    page.run()
    assert page.text[0].value == "the door"
    assert credentials.SEAT not in page.query_params


def test_who_joins_again_is_seated_again() -> None:
    page = _opened()
    page.button[0].click().run()
    page.button[1].click().run()
    assert page.text[0].value == SEAT
    assert page.query_params[credentials.SEAT] in (SEAT, [SEAT])
    page.run()
    assert page.text[0].value == SEAT


def test_a_page_of_another_seat_is_that_seat() -> None:
    page = _opened()
    page.button[0].click().run()
    page.query_params[credentials.SEAT] = "another"
    page.run()
    assert page.text[0].value == "another"
