"""The sample city keeps to its own data folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings
from samplevillage import make

from qianshao.core.org.models import Unit
from qianshao.site.samplecity import folder


def test_it_is_not_made_beside_other_data(tmp_path: Path, city: dict[str, Unit]):
    with override_settings(HOME=tmp_path), pytest.raises(folder.NotTheSampleCity, match="已有数据"):
        make()

    assert not (tmp_path / "sample-city.json").exists()
