#!/usr/bin/env python3
"""Peers that can only be reached from Python: original Lance (pylance) and Vortex.

    bench/python_peers.py --work FOLDER --output FOLDER [--data FOLDER] [--quick]

For information, until Lancer has a Python package: Lancer's own figures beside them are the
C++ medians of take.json and scan.json, so the ratios hold Python's call cost on one side only.
The peers are measured in turn on the same rows; results are checked against the source.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import time

import lance
import numpy
import pyarrow
import pyarrow.parquet
import vortex


# Where scan.cc calls a kind otherwise than take.cc.
SCAN_KINDS = {"text": "long text", "vector 384 f32": "vector"}


class Lance:
    name = "pylance (Python)"
    setting = f"pylance {lance.__version__}, default storage version"

    def write(self, table, folder):
        self.path = str(folder / "table.lance")
        lance.write_dataset(table, self.path)

    def open(self):
        self.dataset = lance.dataset(self.path)

    def take(self, rows):
        return self.dataset.take(rows).column(0)

    def scan(self):
        return sum(batch.num_rows for batch in self.dataset.scanner().to_batches())


class Vortex:
    name = "vortex (Python)"
    setting = f"vortex-data {vortex.__version__}, default writer, memory map"

    def write(self, table, folder):
        self.path = str(folder / "table.vortex")
        vortex.io.write(table, self.path)

    def open(self):
        self.file = vortex.open(self.path, memory_map=True)

    def take(self, rows):
        """Rows must be sorted and unique for Vortex; the order asked is made again after."""
        unique, inverse = numpy.unique(rows, return_inverse=True)
        indices = vortex.array(pyarrow.array(unique.astype("u8")))
        found = self.file.scan(indices=indices).read_all().to_arrow_array()
        if isinstance(found, pyarrow.ChunkedArray):
            found = found.combine_chunks()
        values = found.field(0)
        if values.type == pyarrow.string_view():
            values = values.cast(pyarrow.string())  # pyarrow cannot take from views
        return values.take(pyarrow.array(inverse))

    def scan(self):
        return sum(batch.num_rows for batch in self.file.scan().to_arrow())


def parts(options):
    """(kind as in take.cc, table of one column)."""
    lineitem = options.work / "tpch" / "lineitem.parquet"
    if lineitem.exists():
        rows = 600_000 if options.quick else None
        for kind, column in (("int64", "l_orderkey"), ("short string", "l_comment")):
            table = pyarrow.parquet.read_table(lineitem, columns=[column])
            if column == "l_comment":
                table = table.cast(pyarrow.schema([(column, pyarrow.string())]))
            yield kind, "lineitem." + column, table.slice(0, rows).combine_chunks()
    if (options.data / "packages.parquet").exists():
        table = pyarrow.parquet.read_table(options.data / "packages.parquet",
                                           columns=["description"])
        yield "text", "packages.description", table.combine_chunks()
    if (options.data / "package_embeddings_f32.npy").exists():
        vectors = numpy.load(options.data / "package_embeddings_f32.npy")
        items = pyarrow.array(vectors.reshape(-1))
        array = pyarrow.FixedSizeListArray.from_arrays(items, vectors.shape[1])
        yield "vector 384 f32", "embeddings", pyarrow.table({"value": array})


def text(values):
    """As comparable values: Vortex gives string views."""
    if isinstance(values, pyarrow.ChunkedArray):
        values = values.combine_chunks()
    return values.to_pylist()


def take_cost(peer, draws):
    begin = time.perf_counter()
    for rows in draws:
        peer.take(rows)
    return (time.perf_counter() - begin) * 1e6 / (len(draws) * len(draws[0]))


def scan_cost(peer, expected):
    begin = time.perf_counter()
    peer.open()
    count = peer.scan()
    seconds = time.perf_counter() - begin
    assert count == expected, (peer.name, count, expected)
    return seconds


def spread(costs):
    low, median, high = statistics.quantiles(costs, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def contender(name, setting, costs, ours):
    ratio = spread([cost / ours for cost in costs]) if ours else spread([0, 0])
    return {"name": name, "setting": setting, "cost": spread(costs), "costs": costs,
            "cpu": spread([0, 0]), "times_ours": ratio}


def ours_of(options, benchmark, start, end=""):
    """The C++ median of Lancer's contender in an earlier result, or None."""
    path = options.output / f"{benchmark}.json"
    if path.exists():
        for known in json.loads(path.read_text())["groups"]:
            title = known["title"]
            if (title.startswith(start) and title.endswith(end)
                    and known["state"].startswith("hot")):
                return known["contenders"][0].get("cost", {}).get("median")
    return None


def group(options, title, unit, state, measured, ours, size=0):
    contenders = []
    if ours:
        contenders.append(contender("lancer (C++)", "median of the C++ benchmark",
                                    [ours, ours], ours))
    contenders += [contender(peer.name, peer.setting, costs, ours)
                   for peer, costs in measured]
    for one in contenders:
        print(f"  {one['name']:<20} {one['cost']['median']:12.4g} {unit}")
    return {"title": title, "unit": unit, "state": state, "bytes": size,
            "contenders": contenders, "targets": []}


def measure(options, kind, name, table, peers):
    """Groups of one column: takes, then the scan, each peer in turn."""
    generator = numpy.random.default_rng(5)
    repetitions = 3 if options.quick else 9
    source = table.column(0)
    for peer in peers:
        folder = options.work / "python" / peer.name.split()[0]
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        peer.write(table, folder)
        peer.open()
        rows = generator.integers(0, len(source), 200)
        assert text(peer.take(rows)) == text(source.take(rows)), peer.name
    for count, calls in ((1, 50), (32, 10), (1024, 3)):
        costs = {peer.name: [] for peer in peers}
        for _ in range(repetitions):
            draws = [generator.integers(0, len(source), count) for _ in range(calls)]
            for peer in peers:
                costs[peer.name].append(take_cost(peer, draws))
        call = f"{count} row{'s' if count > 1 else ''} a call"
        title = f"take {kind} ({name}), {call}"
        print(title)
        ours = ours_of(options, "take", f"take {kind} (", f", {call}")
        yield group(options, title, "us/row", "hot, one Python call",
                    [(peer, costs[peer.name]) for peer in peers], ours)
    costs = [(peer, [scan_cost(peer, len(source)) for _ in range(repetitions)])
             for peer in peers]
    print(f"scan {kind} ({name})")
    ours = ours_of(options, "scan", f"scan {SCAN_KINDS.get(kind, kind)} (")
    yield group(options, f"scan {kind} ({name})", "s", "hot files, opened anew, all threads",
                costs, ours, table.nbytes)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--work", "--output", "--data"):
        parser.add_argument(option, type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    peers = [Lance(), Vortex()]
    result = {"benchmark": "python", "quick": options.quick,
              "machine": {"cores": str(os.cpu_count()), "pyarrow": pyarrow.__version__},
              "notes": ["Lancer's figures are C++ medians of another run: no paired ratios."],
              "groups": []}
    for kind, name, table in parts(options):
        result["groups"] += measure(options, kind, name, table, peers)
    path = options.output / "python.json"
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
