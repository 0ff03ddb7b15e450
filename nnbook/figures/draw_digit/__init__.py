"""Draw a digit: the book's own networks answer to what the reader draws, picks or drops; nothing leaves the page."""

from nnbook.figures.draw_digit.live import draw_digit as draw_digit
