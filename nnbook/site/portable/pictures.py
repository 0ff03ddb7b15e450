"""Pictures as every reader of books can show them: PNG for pixels, JPEG for what is like a photograph.

The pages have WebP, which readers of EPUB need to know only since its version 3.3, and AVIF.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from PIL import Image

from nnbook.site.errors import write_whole

Form = tuple[int, int]
LARGE = 600  # pixels: enlarged pictures stay below that,
MOST = 8  # and by this factor at most
QUALITY = 88


@dataclass
class Pictures:
    """Collects the pictures of a book, each once.

    Attributes:
        cache: a folder for pictures that were converted before, named by what they were made from: squeezing two
            hundred PNGs takes longer than all else.
        files: the content of each by its name.
    """

    cache: Path
    files: dict[str, bytes] = field(default_factory=dict)
    _names: dict[tuple[bytes, bool, Form | None], str] = field(default_factory=dict)

    def add(self, address: str, folder: Path, pixels: bool, form: Form | None = None) -> str:
        """Take in a picture and give its name.

        Args:
            address: a data URI, or a file's path relative to `folder`.
            pixels: whether its pixels are to be seen. It is enlarged, since not every reader keeps their edges sharp.
            form: width and height on the page, of which only the proportion counts, if the picture goes on below: what
                is drawn for both grounds has the drawing for a dark one there.
        """
        head, _, data = address.partition(";base64,")
        content = base64.b64decode(data) if head.startswith("data:") else (folder / unquote(address)).read_bytes()
        key = (hashlib.sha256(content).digest(), pixels, form)
        if key not in self._names:
            converted, suffix = self._known(content, pixels, form)
            name = f"{hashlib.sha256(converted).hexdigest()[:16]}.{suffix}"
            self.files[name] = converted
            self._names[key] = name
        return self._names[key]

    def _known(self, content: bytes, pixels: bool, form: Form | None) -> tuple[bytes, str]:
        """The picture as `_converted` gives it, from the cache if it is there."""
        made_from = hashlib.sha256(f"{version('pillow')} {LARGE} {MOST} {QUALITY} {pixels} {form}\0".encode() + content)
        known = self.cache / made_from.hexdigest()
        for suffix in ("png", "jpg"):
            if (path := known.with_suffix(f".{suffix}")).exists():
                return path.read_bytes(), suffix
        converted, suffix = _converted(content, pixels, form)
        write_whole(known.with_suffix(f".{suffix}"), converted)  # languages are made side by side
        return converted, suffix


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
    picture.resize(size, Image.Resampling.NEAREST).save(file, "PNG", compress_level=9)
    return file.getvalue(), "png"
