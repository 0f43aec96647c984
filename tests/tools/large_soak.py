"""Converts a Parquet file of LANCER_SOAK_GIB GiB (4) to Lancer and back: all rows arrive, and
no program takes more than 600 MiB of memory of its own, pages of mapped files left out.
Needs three times as much disk below TMPDIR. Run by `make soak`."""
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli import BIN, CliTest, needs_pyarrow, pyarrow  # noqa: E402

if pyarrow is not None:
    import pyarrow.parquet

GIB = float(os.environ.get("LANCER_SOAK_GIB", "4"))
MOST_MIB = 600
GROUP_ROWS = 1 << 17


def private_kib(pid):
    """Resident memory that is not pages of files."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return sum(int(line.split()[1]) for line in status.splitlines()
               if line.startswith(("RssAnon:", "RssShmem:")))


def group(number):
    """Numbers, texts that compress by half, and vectors that do not compress."""
    ids = range(number * GROUP_ROWS, (number + 1) * GROUP_ROWS)
    noise = os.urandom(GROUP_ROWS * 512)
    texts = [f"row {i} " + noise[i % 9999: i % 9999 + 30].hex() for i in ids]
    vectors = pyarrow.FixedSizeListArray.from_arrays(
        pyarrow.Array.from_buffers(pyarrow.int32(), GROUP_ROWS * 128,
                                   [None, pyarrow.py_buffer(noise)]), 128)
    return pyarrow.table({"id": pyarrow.array(ids, pyarrow.int64()),
                          "text": pyarrow.array(texts), "vector": vectors})


def same_sizes(*paths):
    """Batches of both files, of one number of rows each time, up to the shorter's end."""
    streams = [pyarrow.parquet.ParquetFile(path).iter_batches(1 << 14) for path in paths]
    batches = [next(stream, None) for stream in streams]
    while all(batches):
        rows = min(len(batch) for batch in batches)
        yield [batch.slice(0, rows) for batch in batches]
        batches = [batch.slice(rows) if len(batch) > rows else next(stream, None)
                   for batch, stream in zip(batches, streams)]


class LargeConversion(CliTest):
    def run_measured(self, *arguments):
        """Seconds and the peak of private memory in MiB, looked at 50 times a second."""
        begin = time.monotonic()
        program = subprocess.Popen([BIN / "lance-convert", *arguments], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        peak = 0
        while program.poll() is None:
            try:
                peak = max(peak, private_kib(program.pid))
            except (FileNotFoundError, ProcessLookupError):
                pass
            time.sleep(0.02)
        with program.stderr as errors:
            self.assertEqual(program.returncode, 0, errors.read().decode())
        seconds, mib = time.monotonic() - begin, peak / 1024
        print(f"[ soak     ] {' to '.join(arguments)}: {seconds:.0f} s, "
              f"peak {mib:.0f} MiB of {MOST_MIB}", flush=True)
        self.assertGreater(mib, 1)
        self.assertLess(mib, MOST_MIB)

    @needs_pyarrow
    def test_there_and_back(self):
        path = self.path("in.parquet")
        groups = 0
        with pyarrow.parquet.ParquetWriter(path, group(0).schema, compression="none") as out:
            while os.path.getsize(path) < GIB * (1 << 30):
                out.write_table(group(groups))
                groups += 1
        print(f"[ soak     ] in.parquet: {os.path.getsize(path) / (1 << 30):.2f} GiB, "
              f"{groups * GROUP_ROWS} rows", flush=True)
        self.run_measured("in.parquet", "t.lancer")
        self.run_measured("t.lancer", "out.parquet")
        rows = 0
        for left, right in same_sizes(self.path("in.parquet"), self.path("out.parquet")):
            self.assertTrue(left.equals(right), f"near row {rows}")
            rows += len(left)
        self.assertEqual(rows, groups * GROUP_ROWS)


if __name__ == "__main__":
    unittest.main()
