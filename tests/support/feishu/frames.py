"""The frames of the long connection: protobuf `pbbp2.Frame`, as lark-oapi's `ws/pb/pbbp2.proto` describes it.

Written by hand: so the SDK's own reading and writing is tested against something else, and a test that needs no SDK
does not import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

CONTROL, DATA = 0, 1
_NUMBERS = {1: "sequence", 2: "log", 3: "service", 4: "method"}
_HEADER, _PAYLOAD = 5, 8


@dataclass
class Frame:
    method: int
    headers: dict[str, str] = field(default_factory=dict)
    payload: bytes = b""
    service: int = 0
    sequence: int = 0
    log: int = 0

    def encoded(self) -> bytes:
        out = b"".join(_varint(no << 3) + _varint(getattr(self, name)) for no, name in _NUMBERS.items())
        for key, value in self.headers.items():
            out += _bytes(_HEADER, _bytes(1, key.encode()) + _bytes(2, value.encode()))
        return out + (_bytes(_PAYLOAD, self.payload) if self.payload else b"")

    @classmethod
    def decoded(cls, data: bytes) -> Frame:
        """Raises `ValueError` for anything else. What this side does not know is skipped."""
        frame, at = cls(CONTROL), 0
        while at < len(data):
            no, value, at = _field(data, at)
            if no in _NUMBERS and isinstance(value, int):
                setattr(frame, _NUMBERS[no], value)
            elif no == _HEADER and isinstance(value, bytes):
                key, text = _pair(value)
                frame.headers[key] = text
            elif no == _PAYLOAD and isinstance(value, bytes):
                frame.payload = value
        return frame


def _pair(data: bytes) -> tuple[str, str]:
    found, at = {1: "", 2: ""}, 0
    while at < len(data):
        no, value, at = _field(data, at)
        if isinstance(value, bytes):
            found[no] = value.decode()
    return found[1], found[2]


def _field(data: bytes, at: int) -> tuple[int, int | bytes, int]:
    """Number and value of the field that begins there, and where the next one does."""
    key, at = _number(data, at)
    if key & 7 == 0:
        value, at = _number(data, at)
        return key >> 3, value, at
    if key & 7 == 2:
        length, at = _number(data, at)
        if at + length > len(data):
            raise ValueError("a frame that ends too early")
        return key >> 3, data[at : at + length], at + length
    raise ValueError(f"a wire type that frames do not have: {key & 7}")


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data):
            raise ValueError("a frame that ends too early")
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not data[at - 1] & 0x80:
            return value, at


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def _bytes(no: int, value: bytes) -> bytes:
    return _varint(no << 3 | 2) + _varint(len(value)) + value
