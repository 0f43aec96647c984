"""Encodings that stand below a codec: shuffle and predict (encodings.md)."""

from .encoding import Encoding
from .errors import require
from .packing import fixed_values, read_bits


class Shuffle(Encoding):
    def read_header(self, headers):
        self.require_kind("fixed")
        fits = {0: self.kind.width > 0, 1: 0 < self.kind.width <= 32,
                2: self.kind.width in (2, 4, 8)}
        require(fits.get(self.tree.parameter, False), "shuffle: parameter or width")
        return []

    def own_size(self):
        return self.count * self.kind.width

    def decode(self, bodies):
        body, width = bodies.take(self.own_size()), self.kind.width
        if self.tree.parameter == 1:
            return self._from_bits(body, width)
        values = [int.from_bytes(body[i::self.count], "little")
                  for i in range(self.count)]
        if self.tree.parameter == 2:
            values = [value >> 1 | (value & 1) << (8 * width - 1) for value in values]
        return values

    def _from_bits(self, body, width):
        plane_size = self.count // 8
        whole = 8 * plane_size
        values = [0] * whole
        for plane in range(8 * width):
            bits = read_bits(body[plane * plane_size:(plane + 1) * plane_size], whole)
            for i, bit in enumerate(bits):
                values[i] |= bit << plane
        return values + fixed_values(body[whole * width:], width, self.count - whole)


class Predict(Encoding):
    def read_header(self, headers):
        self.require_kind("fixed")
        self.pictures = self.tree.parameter != 0
        require(self.tree.parameter <= 2 and self.kind.width in (1, 2, 4, 8)
                and (self.kind.width == 1 or not self.pictures),
                "predict: parameter or width")
        self.tensor, self.row = headers.number(4), headers.number(4)
        self.channels, zero = headers.number(1), headers.number(1)
        self.distance = headers.number(2)
        require(self.tensor and self.row and 0 < self.channels < 5 and self.distance
                and zero == 0, "predict: header")
        require(self.count % self.tensor == 0 and self.tensor % self.row == 0
                and self.row % self.channels == 0, "predict: form of the tensors")
        require(self.distance == 1 or self.tree.parameter != 1, "predict: key distance")
        require(self.channels == 1 or self.pictures, "predict: channels")
        return []

    def own_size(self):
        return self.count * self.kind.width

    def decode(self, bodies):
        width = self.kind.width
        numbers = fixed_values(bodies.take(self.own_size()), width, self.count)
        tensors = self.count // self.tensor
        keys = -(-tensors // self.distance)
        key_values = numbers[:keys * self.tensor]
        rest, values, mask = keys * self.tensor, [], (1 << 8 * width) - 1
        for i in range(tensors):
            if i % self.distance == 0:
                values += self._key(key_values, i // self.distance, keys)
                continue
            before = values[-self.tensor:]
            values += [(a + b) & mask
                       for a, b in zip(before, numbers[rest:rest + self.tensor])]
            rest += self.tensor
        return values

    def _key(self, key_values, key, keys):
        if not self.pictures:
            return key_values[key * self.tensor:(key + 1) * self.tensor]
        pixels, planes = self.tensor // self.channels, []
        for channel in range(self.channels):
            start = (channel * keys + key) * pixels
            planes.append(unpaeth(key_values[start:start + pixels],
                                  self.row // self.channels))
        if self.channels >= 3:
            for channel in (0, 2):
                planes[channel] = [(a + b) & 255
                                   for a, b in zip(planes[channel], planes[1])]
        return [value for pixel in zip(*planes) for value in pixel]


def unpaeth(residuals, columns):
    """A plane of bytes from what Paeth's predictor left of it."""
    plane = []
    for i, residual in enumerate(residuals):
        a = plane[i - 1] if i % columns else 0
        b = plane[i - columns] if i >= columns else 0
        c = plane[i - columns - 1] if i % columns and i >= columns else 0
        nearest = min((a, b, c), key=lambda value: abs(a + b - c - value))
        plane.append((residual + nearest) & 255)
    return plane
