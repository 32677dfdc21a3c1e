import os
from pathlib import Path

import pytest
import tingxin

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def binary() -> Path:
    """The program whose bytes the package must give."""
    return Path(os.environ["TINGXIN_BINARY"])


@pytest.fixture(scope="session")
def analyzer() -> tingxin.Analyzer:
    return tingxin.Analyzer()
