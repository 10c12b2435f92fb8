"""The 27 saved pages, every field checked by hand once; where the pages are is told by QIANSHAO_GOVPAGES."""

import json
import os
from pathlib import Path

import pytest
from page_values import values

HERE = Path(__file__).parent
PAGES = Path(os.environ.get("QIANSHAO_GOVPAGES", HERE.parents[4] / "shared" / "fixtures" / "govpages"))
EXPECTED = json.loads((HERE / "expected.json").read_text())


def test_every_field_of_every_saved_page_is_expected_in_writing():
    assert len(EXPECTED) == 27
    assert {len(fields) for fields in EXPECTED.values()} == {10}


@pytest.mark.skipif(not PAGES.is_dir(), reason="the saved pages are not part of the repository")
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_saved_page_is_read_as_a_person_read_it(name):
    assert values((PAGES / name).read_bytes()) == EXPECTED[name]
