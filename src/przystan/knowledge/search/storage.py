"""One versioned file of named arrays, mapped into memory by every process that reads it.

    magic, header length and CRC-32 (16 bytes) · header (JSON) · arrays, each at a multiple of 64

A reader that has the file open keeps its version: a new file replaces the name, not the
contents, so an index can be rebuilt while the old one serves.
"""

import json
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from przystan.core.errors import PrzystanError

FORMAT_VERSION = 2
_MAGIC = b"PRZIDX\r\n"
_PREFIX = struct.Struct("<8sII")
_ALIGNMENT = 64
_KNOWN_TYPES = {"|u1", "<u4", "<u8", "<i4", "<i8", "<f4"}

Array = npt.NDArray[Any]


class IndexFileError(PrzystanError):
    """A search index cannot be read: another format, cut off, or damaged. Rebuild it.

    Its reason is for who runs the product, in English; no reader ever sees it.
    """

    status = 503


class MissingIndexError(IndexFileError):
    """There is no index file yet."""


def write(path: Path, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write the file beside `path`, flush it to the disk and put it in the place of `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    described = _describe(arrays)
    text = json.dumps(
        {**header, "format": FORMAT_VERSION, "arrays": described}, ensure_ascii=False
    ).encode()
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_PREFIX.pack(_MAGIC, len(text), zlib.crc32(text)))
            file.write(text)
            base = _aligned(_PREFIX.size + len(text))
            for name, array in arrays.items():
                file.seek(base + described[name]["offset"])
                file.write(np.ascontiguousarray(array).data)
            file.truncate(base + _total(described))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read(path: Path, *, kind: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """Map the file of this kind into memory; every byte is checked once, then trusted.

    Raises:
        MissingIndexError: there is no such file.
        IndexFileError: it is of another format version or kind, cut off, or damaged.
    """
    try:
        # A plain array over the same memory: the map's own class makes each slice slower.
        data: npt.NDArray[np.uint8] = np.memmap(path, np.uint8, mode="r").view(np.ndarray)
    except FileNotFoundError as absent:
        raise MissingIndexError(
            f"Search index {path.name} does not exist yet. Build the index."
        ) from absent
    except ValueError as empty:  # an empty file cannot be mapped
        raise _damaged(path) from empty
    header, base = _read_header(path, data)
    if header.get("format") != FORMAT_VERSION or header.get("kind") != kind:
        raise IndexFileError(
            f"Search index {path.name} has format {header.get('kind')}/{header.get('format')}, "
            f"this version reads {kind}/{FORMAT_VERSION}. Rebuild the index."
        )
    return header, _views(path, data, base, header["arrays"])


def _describe(arrays: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    described: dict[str, dict[str, Any]] = {}
    offset = 0
    for name, array in arrays.items():
        described[name] = {
            "type": array.dtype.str,
            "shape": list(array.shape),
            "offset": offset,
            "crc32": zlib.crc32(np.ascontiguousarray(array).data),
        }
        offset = _aligned(offset + array.nbytes)
    return described


def _total(described: Mapping[str, Mapping[str, Any]]) -> int:
    ends = (row["offset"] + _size(row) for row in described.values())
    return max(ends, default=0)


def _size(row: Mapping[str, Any]) -> int:
    return int(np.dtype(row["type"]).itemsize * np.prod(row["shape"], dtype=np.int64))


def _read_header(path: Path, data: npt.NDArray[np.uint8]) -> tuple[dict[str, Any], int]:
    if data.size < _PREFIX.size:
        raise _damaged(path)
    magic, length, checksum = _PREFIX.unpack(data[: _PREFIX.size].tobytes())
    text = data[_PREFIX.size : _PREFIX.size + length].tobytes()
    if magic != _MAGIC or len(text) != length or zlib.crc32(text) != checksum:
        raise _damaged(path)
    return json.loads(text), _aligned(_PREFIX.size + length)


def _views(
    path: Path, data: npt.NDArray[np.uint8], base: int, described: Mapping[str, Mapping[str, Any]]
) -> dict[str, Array]:
    views: dict[str, Array] = {}
    for name, row in described.items():
        start, size = base + row["offset"], _size(row)
        raw = data[start : start + size]
        if (
            row["type"] not in _KNOWN_TYPES
            or raw.size != size
            or zlib.crc32(raw.data) != row["crc32"]
        ):
            raise _damaged(path)
        views[name] = raw.view(np.dtype(row["type"])).reshape(row["shape"])
    return views


def _damaged(path: Path) -> IndexFileError:
    return IndexFileError(f"Search index {path.name} is damaged or cut off. Rebuild the index.")


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def pack_strings(strings: list[str]) -> tuple[Array, Array]:
    """Strings as one run of UTF-8 bytes and the bounds of each in it."""
    encoded = [string.encode() for string in strings]
    bounds = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(item) for item in encoded], out=bounds[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), bounds


class Strings:
    """Read strings written by `pack_strings`, one at a time, without decoding the others."""

    def __init__(self, data: Array, bounds: Array) -> None:
        self._data, self._bounds = data, bounds

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, row: int) -> str:
        return self._data[self._bounds[row] : self._bounds[row + 1]].tobytes().decode()
