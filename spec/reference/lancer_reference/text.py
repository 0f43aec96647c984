"""One value as JSON text, as the library's tools print it."""

import decimal
import struct

from . import nesting

UNITS_PER_SECOND = (1, 10**3, 10**6, 10**9)  # by TimeUnit
SIGNED = (nesting.INT8, nesting.INT16, nesting.INT32, nesting.INT64)
UNSIGNED = (nesting.UINT8, nesting.UINT16, nesting.UINT32, nesting.UINT64)
DECIMALS = (nesting.DECIMAL32, nesting.DECIMAL64, nesting.DECIMAL128,
            nesting.DECIMAL256)
FLOATS = {nesting.FLOAT16: ("<H", "<e"), nesting.FLOAT32: ("<I", "<f"),
          nesting.FLOAT64: ("<Q", "<d")}
STRINGS = (nesting.STRING, nesting.LARGE_STRING, nesting.STRING_VIEW)
DAY = 86400


def format_value(field, value):
    """The value of a field of the schema; values are as nesting.py gives them."""
    bfloat16 = nesting.is_bfloat16(field)
    field = nesting.stored_type(field)
    kind = field["kind"]
    if value is None:
        return "null"
    if bfloat16:
        return format_bfloat16(value)
    if kind == nesting.STRUCT:
        return "{" + ", ".join(quoted(child["name"].encode()) + ": "
                               + format_value(child, value[child["name"]])
                               for child in field["children"] or []) + "}"
    if kind in nesting.LISTS or kind == nesting.FIXED_SIZE_LIST:
        item = field["children"][0]
        return "[" + ", ".join(format_value(item, one) for one in value) + "]"
    if kind == nesting.BOOL:
        return "true" if value else "false"
    if kind in STRINGS:
        return quoted(value)
    if kind in nesting.BYTE_STRINGS:
        return f'"0x{value.hex()}"'
    if kind == nesting.FIXED_SIZE_BINARY:
        return f'"0x{value.to_bytes(field["byte_width"], "little").hex()}"'
    return format_number(field, value)


def format_number(field, value):
    kind = field["kind"]
    if kind in UNSIGNED:
        return str(value)
    if kind in FLOATS:
        return format_float(kind, value)
    number = signed(value, nesting.FIXED[kind][1])
    if kind in SIGNED:
        return str(number)
    if kind in DECIMALS:
        return format_decimal(number, field["scale"])
    return f'"{format_time(field, number)}"'


def signed(value, width):
    return value - (1 << 8 * width) if value >> (8 * width - 1) else value


def quoted(data):
    """A JSON string; each byte that is no part of UTF-8 becomes U+FFFD."""
    text, at = '"', 0
    while at < len(data):
        size = next((n for n in range(1, 5) if is_character(data[at:at + n])), 0)
        if size == 0:
            text += "\\ufffd"
            at += 1
            continue
        character = data[at:at + size].decode()
        at += size
        if character in '"\\':
            text += "\\" + character
        elif character == "\n":
            text += "\\n"
        elif ord(character) < 0x20 or ord(character) == 0x7F:
            text += f"\\u{ord(character):04x}"
        else:
            text += character
    return text + '"'


def is_character(data):
    try:
        return len(data.decode()) == 1
    except UnicodeDecodeError:
        return False


def format_float(kind, bits):
    """The shortest digits that give the same bits."""
    integer, floating = FLOATS[kind]
    value = struct.unpack(floating, struct.pack(integer, bits))[0]
    if value != value:
        return '"NaN"'
    if value in (float("inf"), float("-inf")):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    if kind == nesting.FLOAT64:
        digits = repr(value)
    else:
        digits = next(text for text in (f"{value:.{n}g}" for n in range(1, 18))
                      if _rounds_to(text, integer, floating, bits))
    return plain_or_exponent(decimal.Decimal(digits), kind)


def format_bfloat16(bits):
    """The shortest digits whose nearest bfloat16 has the bits."""
    value = struct.unpack("<f", struct.pack("<I", bits << 16))[0]
    if value - value != 0:  # NaN and infinities
        return format_float(nesting.FLOAT32, bits << 16)
    digits = next(text for text in (f"{value:.{n}g}" for n in range(1, 6))
                  if _nearest_bfloat16(text) == bits)
    return plain_or_exponent(decimal.Decimal(digits), nesting.FLOAT16)


def _nearest_bfloat16(text):
    try:
        wide = struct.unpack("<I", struct.pack("<f", float(text)))[0]
    except OverflowError:
        return None
    return (wide + 0x7FFF + (wide >> 16 & 1)) >> 16


def _rounds_to(text, integer, floating, bits):
    try:
        return struct.pack(floating, float(text)) == struct.pack(integer, bits)
    except OverflowError:
        return False


def plain_or_exponent(number, kind):
    """Digits with an exponent below 10^-4 and where the integer part would be long: from
    10^16 (float16: as many digits as it has)."""
    sign, digits, exponent = number.normalize().as_tuple()
    digits = "".join(map(str, digits))
    point = len(digits) + exponent  # digits before the point
    minus = "-" if sign else ""
    if digits == "0":
        return minus + "0.0"
    most = len(digits) if kind == nesting.FLOAT16 else 16
    if point - 1 < -4 or point > most:
        fraction = "." + digits[1:] if len(digits) > 1 else ""
        return f"{minus}{digits[0]}{fraction}e{point - 1:+03d}"
    if point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return minus + digits + "0" * (point - len(digits)) + ".0"
    return f"{minus}{digits[:point]}.{digits[point:]}"


def format_decimal(number, scale):
    minus, digits = "-" if number < 0 else "", str(abs(number))
    if abs(scale) > 1000:
        return f"{minus}{digits}e{-scale}"
    if scale <= 0:
        return minus + (digits + "0" * -scale if digits != "0" else digits)
    digits = digits.rjust(scale + 1, "0")
    return f"{minus}{digits[:-scale]}.{digits[-scale:]}"


def format_time(field, number):
    kind, unit = field["kind"], field["unit"]
    if kind == nesting.DATE32:
        return format_date(number)
    if kind == nesting.DATE64:
        return (format_timestamp(number, 1) if number % (DAY * 1000)
                else format_date(number // (DAY * 1000)))
    if kind == nesting.TIMESTAMP:
        return format_timestamp(number, unit) + ("Z" if field["time_zone"] else "")
    if kind == nesting.DURATION:
        seconds, rest = divmod(abs(number), UNITS_PER_SECOND[unit])
        return f"PT{'-' if number < 0 else ''}{seconds}{fraction_of(rest, unit)}S"
    return format_clock(number, unit)


def format_timestamp(number, unit):
    days, rest = divmod(number, DAY * UNITS_PER_SECOND[unit])
    return f"{format_date(days)}T{format_clock(rest, unit)}"


def format_clock(number, unit):
    seconds, rest = divmod(number, UNITS_PER_SECOND[unit])
    hours, seconds = divmod(seconds, 3600)
    return (f"{hours:02}:{seconds // 60:02}:{seconds % 60:02}"
            f"{fraction_of(rest, unit)}")


def fraction_of(rest, unit):
    return f".{rest:0{3 * unit}}" if unit else ""


def format_date(days):
    """Days since 1970-01-01 in the proleptic Gregorian calendar, whatever the year."""
    era, day_of_era = divmod(days + 719468, 146097)  # from 0000-03-01
    year = (day_of_era - day_of_era // 1460 + day_of_era // 36524
            - day_of_era // 146096) // 365
    day = day_of_era - (365 * year + year // 4 - year // 100)
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5 - 1
    month += 3 if month < 10 else -9
    year += 400 * era + (1 if month <= 2 else 0)
    return (f"{year:04}" if 0 <= year <= 9999 else f"{year:+05}") + f"-{month:02}-{day:02}"
