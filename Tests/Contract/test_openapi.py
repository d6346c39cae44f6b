"""The published description of the HTTP interface is valid OpenAPI."""

import pathlib
import unittest

import openapi_spec_validator
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]


class OpenAPIDescription(unittest.TestCase):
    def test_every_description_is_valid(self):
        found = sorted((ROOT / "Sources").rglob("openapi.yaml"))
        if not found:
            self.skipTest("no openapi.yaml under Sources")
        for path in found:
            with self.subTest(path=str(path.relative_to(ROOT))):
                openapi_spec_validator.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    unittest.main()
