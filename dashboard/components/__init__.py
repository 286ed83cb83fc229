"""Parts that Streamlit does not have; each is html, css and js beside a Python file."""
