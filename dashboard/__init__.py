"""The dashboard: thin Streamlit pages over `sim`. No number on them is worked out here."""
