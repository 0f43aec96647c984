"""tools/dev/unity_groups.py keeps apart what would clash in one translation unit."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "tools" / "dev" / "unity_groups.py"


def source(own, used=""):
    return f"namespace a {{\nnamespace {{\n{own}\n}}  // namespace\n{used}\n}}  // namespace a\n"


class UnityGroups(unittest.TestCase):
    def groups(self, *texts, size=8):
        with tempfile.TemporaryDirectory() as scratch:
            paths = []
            for number, text in enumerate(texts):
                path = pathlib.Path(scratch, f"{number}.cc")
                path.write_text(text)
                paths.append(str(path))
            lines = subprocess.run([sys.executable, str(SCRIPT), "--size", str(size), *paths],
                                   capture_output=True, text=True, check=True).stdout
            return [int(line.split()[0]) for line in lines.splitlines()]

    def test_strangers_stand_together_up_to_the_size(self):
        texts = [source(f"int F{i}() {{ return 1; }}") for i in range(5)]
        self.assertEqual(self.groups(*texts), [0] * 5)
        self.assertEqual(self.groups(*texts, size=2), [0, 0, 1, 1, 2])

    def test_own_names_keep_apart(self):
        for own in ("int Sum(int a) {\n  return a;\n}", "struct Sum {\n};", "enum class Sum {\n};",
                    "constexpr int Sum = 3;", "constexpr int Sum[] = {3};", "using Sum = int;",
                    "std::vector<int> Sum;", "template <typename T>\nT Sum(T a) {\n}"):
            self.assertEqual(self.groups(source(own), source(own)), [0, 1], own)
            self.assertEqual(self.groups(source(own), source("", "int x = b::Sum(1);")), [0, 1], own)

    def test_macros_and_namespaces_let_in_keep_apart(self):
        self.assertEqual(self.groups("#define SUM 1\n", "int x = SUM;\n"), [0, 1])
        self.assertEqual(self.groups("using namespace std;\n", "int x;\n"), [0, 1])

    def test_names_of_others_comments_and_strings_do_not(self):
        borrowed = source("using ::testing::HasSubstr;\nusing enum Kind;")
        self.assertEqual(self.groups(borrowed, borrowed), [0, 0])
        self.assertEqual(
            self.groups(source("int Sum();"), 'auto x = "Sum";  // Sum of it\n'), [0, 0])


if __name__ == "__main__":
    unittest.main()
