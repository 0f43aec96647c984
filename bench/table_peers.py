#!/usr/bin/env python3
"""Lancer beside Parquet, original Lance (pylance) and Vortex: bytes, scans and writes of tables.

    bench/table_peers.py --bench build/release/bin/lancer-bench --work FOLDER --output FOLDER
                         [--data FOLDER] [--tpchgen PATH] [--quick] [--only TEXT]

The cost of a scan or a write is processor time of all threads. Everything runs on one core:
this process, and `lancer-bench serve` (bench/serve.h), which measures Lancer in C++ when it is
its turn. Every contender gives the same Arrow types, those of the source, with classic strings:
what a peer gives otherwise is cast, batch by batch, at its own cost; where that is strings of
views, another group has views on both sides. Each written file is compared with the source once.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import time

# One thread each, and one core for all, before the libraries start theirs.
for variable in ("LANCE_CPU_THREADS", "LANCE_IO_THREADS", "TOKIO_WORKER_THREADS",
                 "RAYON_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

# pylint: disable=wrong-import-position
import lance
import numpy
import pyarrow
import pyarrow.parquet
import vortex

QUICK_ROWS = 600_000
MODES = {"random": ["lancer", "parquet zstd", "pylance", "vortex"],
         "compact": ["lancer compact", "parquet zstd", "pylance", "vortex compact"]}
TABLES_ONLY = {"packages", "lineitem", "orders"}

# What each peer is to pay at least, as a multiple of our cost.
SIZE = {("packages", "random"): {"parquet zstd": 1 / 1.45},
        ("packages", "compact"): {"parquet zstd": 1 / 0.95},
        ("lineitem", "random"): {"parquet zstd": 1 / 1.15},
        ("lineitem", "compact"): {"parquet zstd": 1 / 0.86},
        ("embeddings", "random"): {"arrow": 1 / 1.02},
        ("embeddings", "compact"): {"arrow": 1 / 0.84},
        ("embeddings as float16", "random"): {"arrow": 1 / 1.02},
        ("embeddings as float16", "compact"): {"arrow": 1 / 0.95}}
SIZE_OF_TABLES = {"random": {"pylance": 1 / 0.65, "vortex": 1},
                  "compact": {"pylance": 1 / 0.45, "vortex compact": 1}}
SCAN = {("packages", "random"): {"parquet zstd": 2.7}, ("lineitem", "random"): {"parquet zstd": 4.5}}
SCAN_OF_TABLES = {"random": {"pylance": 5, "vortex": 1},
                  "compact": {"parquet zstd": 1.2, "pylance": 2}}
WRITE = {"random": {"parquet zstd": 1}, "compact": {"parquet zstd": 0.5}}
NUMBERS = {"parquet zstd": 5, "vortex": 1}
TEXT = {"parquet zstd": 1.3, "vortex": 1}
# (table, column): kind, what each peer is to pay.
COLUMNS = {("lineitem", "l_orderkey"): ("int64", NUMBERS),
           ("lineitem", "l_partkey"): ("irregular int64", NUMBERS),
           ("lineitem", "l_linenumber"): ("int32", NUMBERS),
           ("lineitem", "l_extendedprice"): ("decimal", NUMBERS),
           ("lineitem", "l_shipdate"): ("date", NUMBERS),
           ("lineitem", "l_shipmode"): ("low-cardinality string", NUMBERS),
           ("lineitem", "l_comment"): ("short text", TEXT),
           ("packages", "package"): ("unique string", TEXT),
           ("packages", "description"): ("long text", TEXT)}


class Lancer:
    """Measured by a process of its own, which holds the table."""
    def __init__(self, server, profile, suffix=""):
        self.server, self.profile = server, profile
        self.name = ("lancer" if profile == "random" else f"lancer {profile}") + suffix
        self.setting = f"C++, profile {profile}, file mapped, checks once"

    def write(self, table, path):
        return self.server.ask("write", self.profile, path)

    def check(self, table, path):
        self.server.ask("check", path)

    def scan(self, path, columns, schema):
        return self.server.ask("scan", path, "once", *columns)


class PythonPeer:
    """A peer whose write and batches are timed here."""
    def write(self, table, path):
        begin = time.process_time()
        self.store(self.storable(table), path)
        return time.process_time() - begin

    def storable(self, table):
        return table

    def check(self, table, path):
        batches = list(self.batches(path, [], table.schema))
        assert pyarrow.Table.from_batches(batches).equals(table), self.name

    def scan(self, path, columns, schema):
        begin = time.process_time()
        for batch in self.batches(path, columns, schema):
            assert batch.schema.equals(schema), (self.name, batch.schema)
        return time.process_time() - begin


class Parquet(PythonPeer):
    name = "parquet zstd"
    setting = f"pyarrow {pyarrow.__version__}, zstd level 3, else defaults, iter_batches"

    def store(self, table, path):
        pyarrow.parquet.write_table(table, path, compression="zstd", compression_level=3)

    def batches(self, path, columns, schema):
        with pyarrow.parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=columns or None, use_threads=False):
                yield batch.cast(schema)


class Lance(PythonPeer):
    name = "pylance"
    setting = f"pylance {lance.__version__}, default storage version"

    def store(self, table, path):
        lance.write_dataset(table, path)

    def batches(self, path, columns, schema):
        for batch in lance.dataset(path).scanner(columns=columns or None).to_batches():
            yield batch.cast(schema)


class Vortex(PythonPeer):
    def __init__(self, mode, suffix=""):
        self.options = getattr(vortex.io.VortexWriteOptions, mode)()
        self.name = ("vortex" if mode == "default" else f"vortex {mode}") + suffix
        self.setting = (f"vortex-data {vortex.__version__}, {mode} write options, memory map; "
                        "fixed-size binary stored as binary; other types than asked are cast")

    def storable(self, table):
        for i, field in enumerate(table.schema):
            if pyarrow.types.is_fixed_size_binary(field.type):
                column = table.column(i).cast(pyarrow.binary())
                table = table.set_column(i, field.with_type(pyarrow.binary()), column)
        return table

    def store(self, table, path):
        self.options.write(table, str(path))

    def batches(self, path, columns, schema):
        file = vortex.open(str(path), memory_map=True)
        for batch in file.scan(columns or None).to_arrow():
            yield batch.cast(schema)


class Server:
    """lancer-bench serve."""
    def __init__(self, options):
        self.process = subprocess.Popen(
            [options.bench, "--work", options.work, "serve"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *fields):
        """Processor seconds."""
        self.process.stdin.write("\t".join(str(field) for field in fields) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["cpu"]


def classic(table):
    """Strings of views as classic strings."""
    fields = [field.with_type(pyarrow.string())
              if field.type == pyarrow.string_view() else field for field in table.schema]
    return table.cast(pyarrow.schema(fields)).replace_schema_metadata().combine_chunks()


def vectors_table(vectors):
    items = pyarrow.array(vectors.reshape(-1))
    column = pyarrow.FixedSizeListArray.from_arrays(items, vectors.shape[1])
    return pyarrow.table({"value": column})


def tables(options):
    """(name, table)"""
    for name in ("lineitem", "orders"):
        path = options.work / "tpch" / f"{name}.parquet"
        if not path.exists() and options.tpchgen:
            path.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([options.tpchgen, "parquet", "-s", "1", f"--tables={name}",
                            f"--output-dir={path.parent}"], check=True)
        if path.exists():
            table = pyarrow.parquet.read_table(path)
            yield name, classic(table.slice(0, QUICK_ROWS if options.quick else None))
    if (options.data / "packages.parquet").exists():
        yield "packages", classic(pyarrow.parquet.read_table(options.data / "packages.parquet"))
    if (options.data / "package_embeddings_f32.npy").exists():
        vectors = numpy.load(options.data / "package_embeddings_f32.npy")
        yield "embeddings", vectors_table(vectors)
        yield "embeddings as float16", vectors_table(vectors.astype("f2"))


def size_on_disk(path):
    if path.is_dir():
        return sum(part.stat().st_size for part in path.rglob("*") if part.is_file())
    return path.stat().st_size


def spread(costs):
    if len(costs) == 1:
        costs = costs * 2
    low, median, high = statistics.quantiles(costs, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


class Bench:
    def __init__(self, options):
        self.options = options
        self.server = Server(options)
        self.peers = [Lancer(self.server, "random"), Lancer(self.server, "compact"),
                      Lancer(self.server, "archive"), Parquet(), Lance(), Vortex("default"),
                      Vortex("compact")]
        self.with_views = [Lancer(self.server, "random", ", views"),
                           Vortex("default", ", views")]
        self.by_name = {peer.name: peer for peer in self.peers + self.with_views}
        self.groups, self.notes = [], []

    def path(self, peer):
        return self.options.work / "peers" / peer.name.replace(" ", "-")

    def group(self, title, unit, state, costs, figures, size=0):
        """Costs by name, the first is what others are measured in; keeps and prints."""
        ours = next(iter(costs.values()))
        contenders = []
        for name, values in costs.items():
            setting = self.by_name[name].setting if name in self.by_name else "bytes of the buffers"
            ratios = [value / our for value, our in zip(values, ours)]
            contenders.append({"name": name, "setting": setting, "cost": spread(values),
                               "cpu": spread(values if unit == "s" else [0]),
                               "costs": values, "times_ours": spread(ratios)})
        reached = {one["name"]: one["times_ours"]["median"] for one in contenders}
        targets = [{"contender": name, "kind": "times ours at least", "limit": limit,
                    "reached": reached[name], "met": reached[name] >= limit}
                   for name, limit in figures.items() if name in reached]
        print(f"\n{title}, {unit}")
        for one in contenders:
            print(f"  {one['name']:<16} {one['cost']['median']:12.4g} "
                  f"{one['times_ours']['median']:8.3g} x ours")
        for target in targets:
            print(f"  {'met   ' if target['met'] else 'MISSED'}: {target['contender']} pays at "
                  f"least {target['limit']:.3g}, reached {target['reached']:.3g}")
        self.groups.append({"title": title, "unit": unit, "state": state, "bytes": size,
                            "contenders": contenders, "targets": targets})

    def in_turn(self, names, cost):
        """cost(peer) of each, A B A B ...; a peer that fails is left out."""
        costs = {name: [] for name in names}
        for _ in range(self.options.repetitions):
            for name in list(costs):
                try:
                    costs[name].append(cost(self.by_name[name]))
                except Exception as error:  # pylint: disable=broad-except
                    self.notes.append(f"{name} is left out: {error}")
                    print(f"  note: {self.notes[-1]}")
                    del costs[name]
        return costs

    def write(self, peer, table):
        path = self.path(peer)
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
        return peer.write(table, path)

    def sizes(self, name, table):
        sizes = {peer.name: [size_on_disk(self.path(peer)) / 1e6] for peer in self.peers
                 if self.path(peer).exists()}
        sizes["arrow"] = [table.nbytes / 1e6]
        for mode, names in MODES.items():
            figures = SIZE.get((name, mode), {})
            if name in TABLES_ONLY:
                figures = figures | SIZE_OF_TABLES[mode]
            self.group(f"size of {name}, {mode}", "MB", "files on disk",
                       {one: sizes[one] for one in names + ["arrow"] if one in sizes}, figures)
        archive = {one: sizes[one] for one in ("lancer archive", "parquet zstd") if one in sizes}
        self.group(f"size of {name}, archive", "MB", "files on disk", archive,
                   {"parquet zstd": 1 / 0.90} if name == "packages" else {})

    def scans(self, name, table, columns, title, names, figures):
        part = table.select(columns) if columns else table
        costs = self.in_turn(names, lambda peer: peer.scan(self.path(peer), columns, part.schema))
        self.group(title, "s", "hot files, opened anew, processor time, 1 core", costs, figures,
                   part.nbytes)

    def load(self, table):
        """Makes it the table of Lancer's process."""
        source = self.options.work / "peers" / "source.arrow"
        with pyarrow.ipc.new_file(source, table.schema) as file:
            file.write_table(table)
        self.server.ask("load", source)

    def scans_of_views(self, name, table):
        fields = [field.with_type(pyarrow.string_view())
                  if field.type == pyarrow.string() else field for field in table.schema]
        if pyarrow.schema(fields) == table.schema:
            return
        table = table.cast(pyarrow.schema(fields)).combine_chunks()
        self.load(table)
        for peer in self.with_views:
            self.write(peer, table)
            peer.check(table, self.path(peer))
        self.scans(name, table, [], f"scan {name} as views, random",
                   [peer.name for peer in self.with_views], {"vortex, views": 1})

    def run(self, name, table):
        if self.options.only not in name:
            return
        shutil.rmtree(self.options.work / "peers", ignore_errors=True)
        (self.options.work / "peers").mkdir(parents=True)
        self.load(table)
        self.write(self.by_name["lancer archive"], table)
        for mode, names in MODES.items():
            costs = self.in_turn(names, lambda peer: self.write(peer, table))
            self.group(f"write {name}, {mode}", "s", "Arrow in memory to a file, processor time, "
                       "1 core", costs, WRITE[mode], table.nbytes)
            for one in costs:
                self.by_name[one].check(table, self.path(self.by_name[one]))
        self.sizes(name, table)
        for mode, names in MODES.items():
            figures = SCAN.get((name, mode), {})
            if name in TABLES_ONLY:
                figures = figures | SCAN_OF_TABLES[mode]
            elif mode == "random":
                figures = {"vortex": 1}
            self.scans(name, table, [], f"scan {name}, {mode}", names, figures)
        for (owner, column), (kind, figures) in COLUMNS.items():
            if owner == name:
                self.scans(name, table, [column], f"scan {kind} ({name}.{column}), random",
                           MODES["random"], figures)
        self.scans_of_views(name, table)

    def save(self):
        machine = {"cores": "1 of " + str(os.cpu_count()), "pyarrow": pyarrow.__version__,
                   "pylance": lance.__version__, "vortex-data": vortex.__version__}
        result = {"benchmark": "peers", "quick": self.options.quick, "machine": machine,
                  "notes": self.notes, "groups": self.groups}
        (self.options.output / "peers.json").write_text(json.dumps(result, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--bench", "--work", "--output", "--data"):
        parser.add_argument(option, type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("--tpchgen")
    parser.add_argument("--only", default="", help="only tables whose name holds this")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    options.repetitions = 3 if options.quick else 7
    bench = Bench(options)
    for name, table in tables(options):
        bench.run(name, table)
    bench.save()
    shutil.rmtree(options.work / "peers", ignore_errors=True)


if __name__ == "__main__":
    main()
