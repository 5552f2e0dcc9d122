"""What is shipped: the wheel is whole and starts, and the repository names no machine and no registry."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from importlib.util import find_spec

import pytest

from bot.doctor import PACKAGES, packages
from tests.architecture.repository import ROOT, files, text

PYTHON = sys.executable
PLACES = re.compile(r"(?<![\w.$}~:/)-])/(?:home|Users|work|root|mnt|opt|srv)/[\w.]")
REGISTRY = re.compile(
    r"--(?:extra-)?index-url|pythonhosted|/simple\b|\bpypi\.\w+/|\bPIP_INDEX|trusted-host", re.IGNORECASE
)
MADE_UP = {"tests/architecture/test_packaging.py"}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Built as pip builds it; with hatchling itself where it is installed, which needs no network."""
    folder = tmp_path_factory.mktemp("wheel")
    if find_spec("hatchling"):
        command = [PYTHON, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    else:
        command = [
            PYTHON,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "--disable-pip-version-check",
            "-w",
            str(folder),
            ".",
        ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and not os.environ.get("CI"):
        pytest.skip(f"no wheel can be built here: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def unpacked(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.slow
def test_the_wheel_has_every_file_of_the_five_packages(unpacked):
    wanted = {p.relative_to(ROOT) for p in files() if p.relative_to(ROOT).parts[0] in PACKAGES}
    assert {str(path) for path in wanted if not (unpacked / path).is_file()} == set()
    assert (unpacked / "bot" / "config.example.yaml").read_bytes() == (ROOT / "config.example.yaml").read_bytes()


@pytest.mark.slow
def test_the_wheel_has_nothing_else(unpacked):
    found = {path.name for path in unpacked.iterdir()}
    assert {name for name in found if not name.endswith(".dist-info")} == set(PACKAGES)


@pytest.mark.slow
def test_the_wheel_runs_far_from_the_checkout(unpacked, tmp_path):
    """Config, templates, languages and migrations are found where they were installed."""
    program = (
        "import bot, storage.migrate, storage.migrations.versions\n"
        "from bot.config import load\n"
        "from bot.language import catalogues\n"
        "from bot.doctor import packages\n"
        "from storage.store import Store\n"
        "assert all(f.level == 'green' for f in packages())\n"
        "assert load(env={}).settings.org.people and all(catalogues().values())\n"
        "storage.migrate.upgrade('sqlite:///there.db')\n"
        "print(bot.__file__)\n"
    )
    done = subprocess.run(
        [PYTHON, "-P", "-c", program],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(unpacked))


def test_the_five_packages_come_from_one_root():
    (finding,) = packages()
    assert finding.level == "green"
    assert all(find_spec(name).origin == str(ROOT / name / "__init__.py") for name in PACKAGES)


def test_no_package_is_a_namespace():
    """A namespace package loses to any other of its name that is installed."""
    folders = {p.parent for p in files() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in PACKAGES}
    assert {str(folder) for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_the_lock_names_no_host():
    lock = text(ROOT / "requirements.lock")
    assert "://" not in lock
    assert "--hash=sha256:" in lock


def test_no_file_names_a_place_on_a_machine_or_a_registry():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files()
        if str(path.relative_to(ROOT)) not in MADE_UP and path.suffix != ".lock" and (content := text(path))
        for pattern in (PLACES, REGISTRY)
        if (match := pattern.search(content))
    ]
    assert found == []
