"""The table of platforms."""

import subprocess
import sys

import pytest

from adapters import PLATFORMS, load


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_platform_in_the_table_loads(name):
    assert load(name).__name__ == PLATFORMS[name]


def test_an_unknown_platform_is_an_error():
    with pytest.raises(KeyError):
        load("pigeon")


def test_importing_the_table_imports_no_platform():
    code = "import adapters, adapters.base, sys; sys.exit(any(m.startswith('adapters.sandbox') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
