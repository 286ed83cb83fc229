"""What the pages show, worked out of the API's answers. Pure: no Streamlit, no HTTP."""
