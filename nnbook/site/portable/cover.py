"""The cover of the book, made by code: the first large picture of the book on black, the title under it."""

from collections.abc import Mapping
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (1600, 2400)
GROUND = (7, 8, 16)  # that of the brainbow
LETTERS = (244, 245, 248)
WIDE = 800  # pixels, at least, of a picture that can carry a cover


def cover(title: str, pictures: Mapping[str, bytes]) -> bytes:
    """The cover as a JPEG.

    Args:
        title: shown in the font that Pillow brings, so in Latin letters.
        pictures: those of the book, in their order, by name; the first that is photograph-like and wide is shown.
    """
    page = Image.new("RGB", SIZE, GROUND)
    photographs = (Image.open(BytesIO(content)) for name, content in pictures.items() if name.endswith(".jpg"))
    found = next((picture for picture in photographs if picture.width >= WIDE), None)
    if found is not None:
        _place(page, found)
    pen = ImageDraw.Draw(page)
    pen.text((SIZE[0] / 2, SIZE[1] * 0.8), title, LETTERS, ImageFont.load_default(220), anchor="mm")
    file = BytesIO()
    page.save(file, "JPEG", quality=88, optimize=True)
    return file.getvalue()


def _place(page: Image.Image, picture: Image.Image) -> None:
    """The middle of the `picture` over the upper part of the page, fading into its ground."""
    width, height = SIZE[0], round(SIZE[1] * 0.66)
    part = min(picture.width, round(picture.height * width / height))
    left = (picture.width - part) // 2
    shown = picture.convert("RGB").crop((left, 0, left + part, picture.height)).resize((width, height))
    fade = Image.linear_gradient("L").resize((width, height // 6)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mask = Image.new("L", shown.size, 255)
    mask.paste(fade, (0, height - fade.height))
    page.paste(shown, (0, 0), mask)
