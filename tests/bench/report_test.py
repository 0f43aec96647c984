"""bench/report.py makes a page and charts from the JSON of lancer-bench."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "bench" / "report.py"


def spread(value):
    return {"median": value, "low": value * 0.9, "high": value * 1.1}


def contender(name, cost, ours):
    return {"name": name, "setting": f"as {name}", "cost": spread(cost), "cpu": spread(cost),
            "times_ours": spread(cost / ours), "costs": [cost]}


RESULT = {
    "benchmark": "scan", "quick": True, "machine": {"kernel": "Linux <6>"},
    "notes": ["nothing is left out"],
    "groups": [{
        "title": "scan a & b", "unit": "s", "state": "hot", "bytes": 4e9,
        "contenders": [contender("lancer", 2, 2), contender("parquet", 8, 2),
                       contender("memcpy", 0.5, 2),
                       {"name": "broken", "setting": "", "failure": "IoError: no disk"}],
        "targets": [{"contender": "parquet", "kind": "times ours at least", "limit": 1,
                     "reached": 4, "met": True},
                    {"contender": "lancer", "kind": "cost at most", "limit": 1,
                     "reached": 2, "met": False}]}]}


class Report(unittest.TestCase):
    def run_report(self, folder):
        return subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, text=True)

    def test_makes_tables_and_charts(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "scan.json").write_text(json.dumps(RESULT))
            done = self.run_report(folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("1 figures missed", done.stdout)
            page = (folder / "tables.md").read_text()
            self.assertIn("| parquet | 8.00 (7.20 - 8.80) | 8.00 | 0.500 | 4.00", page)
            self.assertIn("parquet pays at least 1.00 times our cost: met, reached 4.00", page)
            self.assertIn("lancer costs at most 1.00 s: **missed**, reached 2.00", page)
            self.assertIn("| broken | failed: IoError: no disk |", page)
            self.assertIn("quick run", page)
            chart = (folder / "scan.svg").read_text()
            xml.dom.minidom.parseString(chart)
            self.assertIn("scan a &amp; b", chart)
            self.assertEqual(chart.count("<rect"), 1 + 3)  # background and three bars

    def test_refuses_an_empty_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_report(folder)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("no results", done.stderr)


if __name__ == "__main__":
    unittest.main()
