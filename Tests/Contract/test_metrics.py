"""Tests of the check of metrics: an exposition that Prometheus would misread is red. Run: python -m unittest, in this folder."""

import unittest

import check_metrics

SOUND = "".join(
    f"# HELP {name} Something.\n# TYPE {name} {kind}\n" + (
        f'{name}_bucket{{le="0.1"}} 1\n{name}_bucket{{le="+Inf"}} 2\n{name}_sum 3\n{name}_count 2\n' if kind == "histogram"
        else f"{name} 1\n")
    for name, kind in ((name + ("_total" if kind == "counter" else ""), kind) for name, kind in check_metrics.WANTED.items()))


class ExpositionTests(unittest.TestCase):
    def assert_red(self, reason, text):
        self.assertTrue(any(reason in fault for fault in check_metrics.faults_of(text)), check_metrics.faults_of(text))

    def test_a_sound_one_is_green(self):
        self.assertEqual(check_metrics.faults_of(SOUND), [])

    def test_what_is_missing_or_of_another_kind_is_red(self):
        self.assert_red("process_open_fds: should be", SOUND.replace("process_open_fds", "process_files"))
        self.assert_red("postgres_leases_out: should be", SOUND.replace("postgres_leases_out gauge", "postgres_leases_out counter"))

    def test_buckets_that_contradict_each_other_are_red(self):
        self.assert_red("do not grow", SOUND.replace('postgres_wait_seconds_bucket{le="0.1"} 1', 'postgres_wait_seconds_bucket{le="0.1"} 5'))
        self.assert_red("not everything", SOUND.replace("postgres_wait_seconds_count 2", "postgres_wait_seconds_count 3"))
        self.assert_red("lacks", SOUND.replace("postgres_wait_seconds_sum 3\n", ""))

    def test_a_family_or_series_that_is_there_twice_is_red(self):
        twice = "# HELP postgres_leases_out Again.\n# TYPE postgres_leases_out gauge\npostgres_leases_out 1\n"
        self.assert_red("times", SOUND + twice)

    def test_text_that_is_no_exposition_is_refused(self):
        with self.assertRaises(ValueError):
            check_metrics.faults_of(SOUND + 'a{b="c} 1\n')


if __name__ == "__main__":
    unittest.main()
