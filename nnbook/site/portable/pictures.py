"""Pictures as every reader of books can show them: PNG for pixels, JPEG for what is like a photograph.

The pages have WebP, which readers of EPUB need to know only since its version 3.3, and AVIF.
"""

import base64
import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from PIL import Image

Form = tuple[int, int]
LARGE = 600  # pixels: enlarged pictures stay below that,
MOST = 8  # and by this factor at most
QUALITY = 88


def take_in(files: dict[str, bytes], address: str, folder: Path, pixels: bool, form: Form | None = None) -> str:
    """Put a picture among the `files` of a book, each once, and give its name.

    Args:
        address: a data URI, or a file's path relative to `folder`.
        pixels: whether its pixels are to be seen. It is enlarged, since not every reader keeps their edges sharp.
        form: width and height on the page, of which only the proportion counts, if the picture goes on below: what is
            drawn for both grounds has the drawing for a dark one there.
    """
    head, _, data = address.partition(";base64,")
    content = base64.b64decode(data) if head.startswith("data:") else (folder / unquote(address)).read_bytes()
    converted, suffix = _converted(content, pixels, form)
    name = f"{hashlib.sha256(converted).hexdigest()[:16]}.{suffix}"
    files[name] = converted
    return name


@cache
def _converted(content: bytes, pixels: bool, form: Form | None) -> tuple[bytes, str]:
    """The picture as a file of a kind that every reader knows, and the suffix of that kind."""
    if content.lstrip()[:5] in (b"<?xml", b"<svg "):
        return content, "svg"
    picture: Image.Image = Image.open(BytesIO(content))
    file = BytesIO()
    if picture.format == "AVIF" or b"VP8 " in content[:16]:  # lossy, as the cover: no pixel of it is exact
        picture.convert("RGB").save(file, "JPEG", quality=QUALITY, optimize=True)
        return file.getvalue(), "jpg"
    if form:
        picture = picture.crop((0, 0, picture.width, picture.width * form[1] // form[0]))
    factor = max(1, min(MOST, LARGE // max(picture.size))) if pixels else 1
    size = (picture.width * factor, picture.height * factor)
    picture.resize(size, Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue(), "png"
