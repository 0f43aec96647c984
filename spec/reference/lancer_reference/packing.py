"""Numbers of fixed width, bits and packed numbers (encodings.md, "Bit packing")."""

CHUNK = 1024


def fixed_values(data, width, count):
    if width == 0:
        return [0] * count
    return [int.from_bytes(data[i:i + width], "little")
            for i in range(0, count * width, width)]


def read_bits(data, count):
    return [data[i // 8] >> (i % 8) & 1 for i in range(count)]


def ascending(positions, end):
    """True when positions grow and the last is below `end`."""
    return (all(a < b for a, b in zip(positions, positions[1:]))
            and (not positions or positions[-1] < end))


def packed_size(count, width):
    full, rest = divmod(count, CHUNK)
    return full * 128 * width + -(-rest * width // 8)


def unpack(data, bits, width, count):
    """`count` numbers of `width` bits each; `bits` is T of the page."""
    mask = (1 << width) - 1
    lanes, numbers = CHUNK // bits, []
    for chunk in range(count // CHUNK):
        start = chunk * 128 * width
        words = fixed_values(data[start:start + 128 * width], bits // 8, lanes * width)
        streams = []
        for lane in range(lanes):
            stream = 0
            for k in range(width):
                stream |= words[k * lanes + lane] << (k * bits)
            streams.append(stream)
        numbers += [streams[i % lanes] >> (i // lanes * width) & mask
                    for i in range(CHUNK)]
    rest = int.from_bytes(data[count // CHUNK * 128 * width:], "little")
    return numbers + [rest >> (i * width) & mask for i in range(count % CHUNK)]
