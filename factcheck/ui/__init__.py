"""The Streamlit app: words, theme, cards, the worker that checks in the background, and the pages.

`app.py` at the top only joins them. Nothing here is imported by `import factcheck`.
"""
