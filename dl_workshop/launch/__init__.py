"""Open the lessons: lay the notebooks out, start JupyterLab, and let Binder begin at once."""
