"""The list and the judgement fail when they should."""

import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

import main
from guards import Guard, GuardListFault, batches, read

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


class JudgementTests(unittest.TestCase):
    def judged(self, code: int, said: str) -> list[str]:
        with patch.object(main, "run_tests", return_value=main.Run(code, said)):
            return main.judge([Guard("n", "", "r", "it shows")], Path("/"))

    def test_only_a_red_test_that_says_why_counts(self) -> None:
        self.assertEqual(self.judged(1, f"{main.DONE}x\nit shows"), [])
        self.assertIn("stays green", self.judged(0, f"{main.DONE}x\nit shows")[0])
        self.assertIn("does not say", self.judged(1, f"{main.DONE}x\nanother fault")[0])
        self.assertIn("could not be taken away", self.judged(1, "server 42P01")[0])


if __name__ == "__main__":
    unittest.main()
