"""Waiting for what happens on a built page."""

from playwright.sync_api import Error


def wait_until(page, expression, argument=None):
    """Wait up to ten seconds until a JavaScript `expression` is true.

    Playwright's own `wait_for_function` asks again by way of `eval`, which the pages' policy forbids: it works only as
    long as the first answer is yes.
    """
    for _ in range(200):
        try:
            if page.evaluate(expression, argument):
                return
        except Error as error:  # another page is on its way
            if "context was destroyed" not in str(error):
                raise
        page.wait_for_timeout(50)
    raise AssertionError(f"not within ten seconds: {expression}")
