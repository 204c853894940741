"""One step of a panel, whatever the learner's function does in it."""

from dl_workshop.errors import explain_error


def answer(step, state, request, last, functions=(), failed=None):
    """Give (state, view) after a request; if a learner's function fails, both stand, with the trouble in words.

    functions: the learner's own, whose lines are told.  last: the view that stands.  failed(state, request): the state
    then, where it is not the one before.
    """
    try:
        return step(state, request)
    except Exception as error:  # an exception in a thread would be seen by nobody
        state = state if failed is None else failed(state, request)
        return state, last | {"trouble": str(explain_error(error, functions, "drawing this panel"))}
