"""Numbers as short text: what a figure knows about thousands of images must not weigh more than the pictures.

A whole number is written to the base 89, with the printable characters of ASCII as digits, except those that markup or
JSON would write as several. `nnbook.unpack` in `runtime.js` reads it back.
"""

from collections.abc import Iterable

DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "\"&'<\\")


def pack(numbers: Iterable[int], width: int) -> str:
    """Each of `numbers` as `width` characters, the largest digit first.

    Raises:
        ValueError: if a number is negative or too large for `width`.
    """
    limit = len(DIGITS) ** width
    written = []
    for number in numbers:
        if not 0 <= number < limit:
            raise ValueError(f"packed numbers run from 0 to {limit - 1}; got {number}; use more characters for each")
        places = [len(DIGITS) ** place for place in reversed(range(width))]
        written += [DIGITS[number // place % len(DIGITS)] for place in places]
    return "".join(written)
