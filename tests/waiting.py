"""Waiting for what happens on a page or elsewhere."""

import time

import pytest
from playwright.sync_api import Error


def wait_until(page, expression, argument=None):
    """Wait until a JavaScript `expression` is true.

    Playwright's own `wait_for_function` asks again by way of `eval`, which the pages' policy forbids: it works only as
    long as the first answer is yes.
    """

    def holds():
        try:
            return page.evaluate(expression, argument)
        except Error as error:  # another page is on its way
            if "context was destroyed" not in str(error):
                raise
            return False

    wait_until_holds(page, holds)


def wait_until_holds(page, holds):
    """Wait up to ten seconds until the function `holds` says so."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail("not within ten seconds")


def wait_for(condition):
    """Wait up to a minute until the function `condition`, which needs no page, says so."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
