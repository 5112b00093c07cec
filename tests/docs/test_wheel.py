"""Does the wheel hold everything, and run outside the checkout without a compiler?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from docs import build
from netproof import __version__

ROOT = Path(__file__).parents[2]
NOT_SHIPPED = {".pyc", ".so", ".cpp", ".h"}
KERNELS = "netproof/graph/_native.abi3.so"


def built(folder: Path, **environ: str) -> Path:
    """A wheel, built from a copy so that the checkout stays as it is."""
    copy = folder / "netproof"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    left = shutil.ignore_patterns("*.egg-info", "__pycache__", "*.so")
    shutil.copytree(ROOT / "src", copy / "src", ignore=left)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    done = subprocess.run(
        [*command, "--wheel-dir", folder, copy],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environ,
    )
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this machine, which may have a compiler or not."""
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def portable_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a machine whose compiler does not work."""
    return built(tmp_path_factory.mktemp("portable"), CC="false", CXX="false")


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    tree = ROOT / "src" / "netproof"
    want = {
        f"netproof/{path.relative_to(tree).as_posix()}"
        for path in tree.rglob("*")
        if path.is_file() and path.suffix not in NOT_SHIPPED
    }

    with zipfile.ZipFile(wheel) as archive:
        got = {name for name in archive.namelist() if ".dist-info/" not in name} - {KERNELS}
        licensed = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]

    assert got == want
    assert len(licensed) == 1


@pytest.mark.slow
def test_one_wheel_serves_every_python_of_a_platform(wheel: Path) -> None:
    assert wheel.name.startswith(f"netproof-{__version__}-cp311-abi3-")


@pytest.mark.slow
def test_the_wheel_brings_the_compiled_kernels_where_there_is_a_compiler(wheel: Path) -> None:
    if shutil.which("c++") is None and shutil.which("g++") is None:
        pytest.skip("no C++ compiler")

    with zipfile.ZipFile(wheel) as archive:
        got = KERNELS in archive.namelist()

    assert got


@pytest.mark.slow
def test_without_a_compiler_the_wheel_is_built_all_the_same(portable_wheel: Path) -> None:
    with zipfile.ZipFile(portable_wheel) as archive:
        got = KERNELS in archive.namelist()

    assert not got


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "portable_wheel"])
def test_the_wheel_runs_in_an_empty_environment_outside_the_checkout(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    wheel: Path = request.getfixturevalue(kind)
    with zipfile.ZipFile(wheel) as archive:
        kernels = "compiled" if KERNELS in archive.namelist() else "portable"
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    # The dependencies come from here by path: installing them again would ask the package index.
    place = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    install: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--no-index",
        "--no-deps",
        wheel,
    ]
    installed = subprocess.run(install, capture_output=True, text=True, check=False)
    assert installed.returncode == 0, installed.stderr
    (Path(place) / "dependencies.pth").write_text(dependencies_without_this_checkout(tmp_path))
    environ = {name: value for name, value in build.environment().items() if name != "PYTHONPATH"}

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command: list[str | Path] = [environment / "bin" / "netproof", *words]
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    where = subprocess.run(
        [python, "-c", "import netproof; print(netproof.__file__)"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    version = run("--version")
    demo = run("demo", tmp_path / "operator")

    assert Path(where.stdout.strip()).is_relative_to(environment)
    assert version.returncode == 0, version.stderr
    assert version.stdout.startswith(f"netproof {__version__}, failure kernels: {kernels}")
    assert demo.returncode in {0, 1}, demo.stderr
    assert (tmp_path / "operator" / "network.toml").is_file()


def dependencies_without_this_checkout(folder: Path) -> str:
    """A .pth line: a folder that links to everything installed here but netproof itself."""
    links = folder / "dependencies"
    links.mkdir()
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in os.scandir(place):
            if "netproof" not in entry.name.lower() and not entry.name.endswith(".pth"):
                (links / entry.name).symlink_to(entry.path)
    return f"{links}\n"
