"""The list and the judgement fail when they should."""

import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

import main
from guards import Guard, GuardListFault, batches, portions, read

SCHEMA = """\
CREATE FUNCTION a.f(p integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform lock();
end
$$;
ALTER TABLE a.t ENABLE ROW LEVEL SECURITY;
ALTER TABLE a.tt ENABLE ROW LEVEL SECURITY;
"""


def listed(text: str) -> list[Guard]:
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        return read(Path(file.name), SCHEMA)


class ListTests(unittest.TestCase):
    def test_a_part_of_a_function_is_replaced(self) -> None:
        guard, = listed('[[guard]]\nname="n"\nfunction="a.f"\nremove="perform lock();"\nred="r"\nshows="s"')
        self.assertIn("'perform lock();'", guard.script)

    def test_what_is_no_longer_there_is_a_fault(self) -> None:
        for entry in ['function="a.f"\nremove="perform other();"', 'function="a.g"\nremove="x"', 'each="DROP (x)"\nsql="{1}"', 'wrong="x"']:
            with self.assertRaises(GuardListFault, msg=entry):
                listed(f'[[guard]]\nname="n"\n{entry}\nred="r"\nshows="s"')

    def test_a_family_has_a_guard_for_each_match(self) -> None:
        found = listed('[[guard]]\nname="{1}"\neach="TABLE (.*) ENABLE"\nsql="drop {1}"\nred="r"\nshows="\\"{1}\\""')
        self.assertEqual([(guard.name, guard.script) for guard in found], [("a.t", "drop a.t;"), ("a.tt", "drop a.tt;")])
        self.assertEqual(len(batches(found)), 1)
        self.assertEqual(len(batches(found, one_by_one=True)), 2)

    def test_guards_that_one_test_cannot_tell_apart_are_taken_away_apart(self) -> None:
        one = Guard("1", "a", "r", "s")
        for other in [Guard("2", "b", "r", "s"), Guard("2", "b", "r", "st"), Guard("2", "b", "r", "t", is_alone=True)]:
            self.assertEqual(len(batches([one, other])), 2)

    def test_what_two_guards_share_is_taken_away_once_at_a_time(self) -> None:
        self.assertEqual(len(batches([Guard("1", "a", "r", "s"), Guard("2", "a", "r", "t")])), 2)
        self.assertEqual(len(batches([Guard("1", "a", "r", "s"), Guard("2", "b", "r", "t")])), 1)


    def test_what_removes_a_part_of_what_another_removes_is_taken_away_apart(self) -> None:
        one = Guard("1", "a", "r", "s", part=("f", "perform lock();"))
        self.assertEqual(len(batches([one, Guard("2", "b", "r", "t", part=("f", "lock()"))])), 2)
        self.assertEqual(len(batches([one, Guard("2", "b", "r", "t", part=("g", "lock()"))])), 1)

    def test_no_test_stands_twice_in_a_portion_and_what_a_cluster_notices_is_apart(self) -> None:
        first, same, part, other = (Guard(name, name, red, "s") for name, red in [("1", "r"), ("2", "r"), ("3", "r s"), ("4", "t")])
        apart = Guard("5", "5", "u", "s", is_apart=True)
        self.assertEqual(portions([[first], [same], [part], [other], [apart]]), [[[first], [other]], [[same]], [[part]], [[apart]]])


ONE = Guard("n", "", "it is kept", "it shows")
RED = """\
◇ Test "it is kept" started.
Guards removed: it is kept
✘ Test "it is kept" recorded an issue at A.swift:1:1: it shows
✘ Test "it is kept" with 2 test cases failed after 0.1 seconds with 1 issue.
"""
OTHER = """\
◇ Test other() started.
Guards removed: other
✘ Test other() failed after 0.1 seconds with 1 issue.
"""
END = "✘ Test run with 2 tests in 1 suite failed after 0.2 seconds with 2 issues.\n"


class JudgementTests(unittest.TestCase):
    def judged(self, said: str, more: str = "") -> list[str]:
        """The faults of `ONE`; `more` is said in a second process."""
        with patch.object(main, "run_tests", side_effect=[main.Told(said), main.Told(more)]):
            portion = [[Guard("o", "", "other()", "failed")], [ONE]]
            return [fault for batch, found in main.judge_portion(portion, Path("/")) for fault in found if batch == [ONE]]

    def test_only_a_red_test_that_says_why_counts(self) -> None:
        self.assertEqual(self.judged(OTHER + RED + END), [])
        for said, fault in [
            (RED.replace(" failed", " passed"), "stays green"), (RED.replace("it shows", "another"), "does not say"),
            (RED.replace("Guards removed", "server 42P01"), "could not be taken away"), ("", "no test is called"),
        ]:
            self.assertIn(fault, self.judged(OTHER + said + END)[0])

    def test_what_another_test_says_does_not_count(self) -> None:
        self.assertIn("does not say", self.judged(OTHER.replace("other\n", "it shows\n") + RED.replace("it shows", "another") + END)[0])

    def test_a_test_that_hangs_is_red_and_the_rest_runs_again(self) -> None:
        self.assertEqual(self.judged('◇ Test other() started.\nGuards removed: other\n', RED + END), [])
        self.assertEqual(self.judged(OTHER + "\n".join(RED.splitlines()[:3])), [])


if __name__ == "__main__":
    unittest.main()
