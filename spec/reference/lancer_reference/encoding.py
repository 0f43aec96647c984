"""What all encodings share."""

import collections

from .errors import require

Type = collections.namedtuple("Type", "kind width number")  # kind: bits, fixed, bytes


class Encoding:
    child_counts = (0,)
    is_codec = False

    def __init__(self, stream):
        self.stream, self.tree = stream, stream.tree
        self.kind, self.count = stream.kind, stream.count

    def require_kind(self, *kinds):
        require(self.kind.kind in kinds, f"{self.tree.name}: {self.kind.kind} values")

    def read_header(self, headers):
        """Reads the node's header; gives type and count of each possible child."""
        raise NotImplementedError

    def own_size(self):
        return 0
