"""Encodings of floats (encodings.md): alp, alp_rd, cast."""

import struct

from .encoding import Encoding, Type
from .errors import require
from .packing import ascending, fixed_values


class Exceptions:
    """Values kept aside whole, with their positions."""

    def __init__(self, headers, name, value_size):
        self.name, self.value_size = name, value_size
        flags = headers.number(1)
        require(flags < 3, f"{name}: flags of the exceptions")
        self.position_size = 2 * flags
        self.count = headers.number(self.position_size)

    def own_size(self):
        return self.count * (self.position_size + self.value_size)

    def read(self, bodies, value_count):
        """Pairs of position and value."""
        positions = fixed_values(bodies.take(self.count * self.position_size),
                                 self.position_size, self.count)
        require(ascending(positions, value_count), f"{self.name}: exceptions")
        return zip(positions, fixed_values(bodies.take(self.count * self.value_size),
                                           self.value_size, self.count))


class Alp(Encoding):
    child_counts = (1,)

    def read_header(self, headers):
        width = self.kind.width
        require(self.kind.number == "float" and width in (4, 8), "alp: type of the values")
        self.scale = headers.number(1)
        require(self.scale <= (22 if width == 8 else 10), "alp: scale")
        self.exceptions = Exceptions(headers, "alp", width)
        return [(Type("fixed", width, "signed"), self.count)]

    def own_size(self):
        return self.exceptions.own_size()

    def decode(self, bodies):
        exceptions = self.exceptions.read(bodies, self.count)
        values = [self._float_bits(integer)
                  for integer in self.stream.children[0].decode(bodies)]
        for position, value in exceptions:
            values[position] = value
        return values

    def _float_bits(self, bits):
        width = self.kind.width
        code = "<d" if width == 8 else "<f"
        integer = int.from_bytes(bits.to_bytes(width, "little"), "little", signed=True)
        number, = struct.unpack(code, struct.pack(code, integer))
        return int.from_bytes(struct.pack(code, number / float(10 ** self.scale)), "little")


class AlpRd(Encoding):
    child_counts = (2,)

    def read_header(self, headers):
        width = self.kind.width
        require(self.kind.number == "float" and width in (4, 8),
                "alp_rd: type of the values")
        self.right_bits, count = headers.number(1), headers.number(1)
        require(8 * width - 16 <= self.right_bits < 8 * width, "alp_rd: right bits")
        require(1 <= count <= 8, "alp_rd: count of left parts")
        self.lefts = [headers.number(2) for _ in range(count)]
        self.exceptions = Exceptions(headers, "alp_rd", 2)
        return [(Type("fixed", 1, "unsigned"), self.count),
                (Type("fixed", width, "unsigned"), self.count)]

    def own_size(self):
        return self.exceptions.own_size()

    def decode(self, bodies):
        exceptions = self.exceptions.read(bodies, self.count)
        codes, rights = (child.decode(bodies) for child in self.stream.children)
        require(all(code < len(self.lefts) for code in codes), "alp_rd: codes")
        lefts = [self.lefts[code] for code in codes]
        for position, left in exceptions:
            lefts[position] = left
        whole, low = (1 << 8 * self.kind.width) - 1, (1 << self.right_bits) - 1
        return [left << self.right_bits & whole | right & low
                for left, right in zip(lefts, rights)]


class Cast(Encoding):
    """By integers alone: Python's conversions make signalling NaN quiet."""
    child_counts = (1,)
    # parameter -> type of the child; exponent bits, mantissa bits
    CHILDREN = {0: (Type("fixed", 4, "float"), 8, 23), 1: (Type("fixed", 2, "float"), 5, 10),
                2: (Type("fixed", 2, "opaque"), 8, 7)}

    def read_header(self, headers):
        width = self.kind.width
        require(self.kind.number == "float" and width in (4, 8)
                and self.tree.parameter in self.CHILDREN, "cast: type or parameter")
        child, self.exponent_bits, self.mantissa_bits = self.CHILDREN[self.tree.parameter]
        require(child.width < width, "cast: the child is no narrower")
        self.exceptions = Exceptions(headers, "cast", width)
        return [(child, self.count)]

    def own_size(self):
        return self.exceptions.own_size()

    def decode(self, bodies):
        exceptions = self.exceptions.read(bodies, self.count)
        values = [self._widen(bits) for bits in self.stream.children[0].decode(bodies)]
        for position, value in exceptions:
            values[position] = value
        return values

    def _widen(self, bits):
        """The bits of the wide float."""
        wide_exponent, wide_mantissa = (11, 52) if self.kind.width == 8 else (8, 23)
        mantissa = bits & ((1 << self.mantissa_bits) - 1)
        exponent = bits >> self.mantissa_bits & ((1 << self.exponent_bits) - 1)
        sign = bits >> (self.exponent_bits + self.mantissa_bits)
        bias = (1 << (wide_exponent - 1)) - (1 << (self.exponent_bits - 1))
        if exponent == (1 << self.exponent_bits) - 1:
            exponent = (1 << wide_exponent) - 1
        elif exponent > 0:
            exponent += bias
        elif mantissa > 0 and wide_exponent > self.exponent_bits:
            shift = self.mantissa_bits + 1 - mantissa.bit_length()
            mantissa = mantissa << shift & ((1 << self.mantissa_bits) - 1)
            exponent = bias + 1 - shift
        mantissa <<= wide_mantissa - self.mantissa_bits
        return (sign << wide_exponent | exponent) << wide_mantissa | mantissa
