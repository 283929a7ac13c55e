"""The dashboard: Streamlit pages over `sim`. All numbers are computed in `sim`, none here."""
