"""Reading bytes from front to back; nothing may be read behind the end."""

from .errors import Damaged


class ByteCursor:
    def __init__(self, data, what):
        self.data = bytes(data)
        self.at = 0
        self.what = what

    def take(self, size):
        if size < 0 or size > len(self.data) - self.at:
            raise Damaged(f"{self.what}: {size} bytes expected at {self.at}, "
                          f"{len(self.data) - self.at} are left")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size):
        """An unsigned little-endian number of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def varint(self):
        """Seven bits a byte, lowest first; the high bit says that more follow."""
        value = 0
        for shift in range(0, 70, 7):
            byte = self.number(1)
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise Damaged(f"{self.what}: a varint of more than 10 bytes")

    def remaining(self):
        return len(self.data) - self.at

    def finish(self):
        if self.remaining():
            raise Damaged(f"{self.what}: {self.remaining()} bytes too many")
