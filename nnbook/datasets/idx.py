"""The idx format of the MNIST files: a short header with the shape, then the bytes of one array.

Header, big-endian: two zero bytes, the type of the numbers (8 = uint8), the number of dimensions, then each
dimension as four bytes. Described on http://yann.lecun.com/exdb/mnist/.
"""

import math
import struct

import numpy as np
from numpy.typing import NDArray

from nnbook.datasets.errors import FormatError

UNSIGNED_BYTE = 8


def header(shape: tuple[int, ...]) -> bytes:
    """The bytes before the numbers of a uint8 array of this shape."""
    return struct.pack(f">HBB{len(shape)}I", 0, UNSIGNED_BYTE, len(shape), *shape)


def decode(content: bytes, file: str) -> NDArray[np.uint8]:
    """The array in the bytes of an uncompressed idx file; read-only, it shares the memory of `content`.

    Raises FormatError, which names `file`, if the header is not that of a uint8 array or the length is wrong.
    """
    dimensions = content[3] if len(content) >= 4 and content[:3] == bytes((0, 0, UNSIGNED_BYTE)) else 0
    start = 4 + 4 * dimensions
    if not 1 <= dimensions <= 4 or len(content) < start:
        raise FormatError(
            "An idx file of bytes starts with 00 00 08 and its number of dimensions; "
            f"{file} starts with {content[:4].hex(' ') or 'nothing'}. Download the file again."
        )
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    if len(content) - start != math.prod(shape):
        raise FormatError(
            f"An idx file of shape {shape} holds {math.prod(shape)} bytes after its header; "
            f"{file} holds {len(content) - start}. It was probably cut off: download it again."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
