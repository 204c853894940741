"""What a saved page of a sweep can do: all of it, for the panel asks nothing once it is shown."""


def plan(settings, detail):
    """Give what `recording.record` needs: the first view holds all runs."""
    return {"settings": settings, "walk": lambda recorder, state: None, "missing": "", "finest": True}
