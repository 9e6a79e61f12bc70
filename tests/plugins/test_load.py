"""Plug-ins enter only when named, allowed, whole and alone."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import muniment
from muniment.blobs import Blobs, make_storage
from muniment.core.errors import ConflictError, InvalidError
from muniment.plugins import InstalledPlugin, LoadedPlugin, build, installed, load
from muniment.plugins.sockets import GROUPS
from muniment.settings import load as load_settings
from muniment.testing.plugins import installed_distribution

_GROUP = "muniment.notifiers"
_GOOD = """
class Pigeon:
    def __init__(self, loft="roof"):
        self.loft = loft
    def require(self, to): ...
    def send(self, message):
        return "delivered", self.loft
"""


def stranger(
    folder: Path, source: str = _GOOD, *, name: str = "Acme_Pigeons", requires: tuple[str, ...] = ()
) -> AbstractContextManager[None]:
    """Install a stranger's distribution that offers the notifier `pigeon`."""
    return installed_distribution(
        folder,
        name,
        version="2.1",
        entry_points={_GROUP: {"pigeon": "acme_pigeons:Pigeon"}},
        modules={"acme_pigeons": source},
        requires=requires,
    )


@pytest.fixture
def good(tmp_path: Path) -> Iterator[None]:
    """A stranger's good notifier, installed."""
    with stranger(tmp_path):
        yield


def refusal(allow: tuple[str, ...] = ("acme-pigeons",), name: str = "pigeon") -> str:
    """Give the words with which a plug-in is refused."""
    with pytest.raises(InvalidError) as caught:
        load(_GROUP, name, allow=allow)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.usefixtures("good")
def test_a_named_and_allowed_plugin_is_loaded() -> None:
    """What was named is imported; its distribution, version and place are told; it can be made."""
    plugin = load(_GROUP, "pigeon", allow=["acme.pigeons"])
    assert plugin == LoadedPlugin(
        _GROUP, "pigeon", "Acme_Pigeons", "2.1", "acme_pigeons:Pigeon", plugin.make
    )
    made = build(plugin, "barn")
    assert type(made).__name__ == "Pigeon"
    assert vars(made) == {"loft": "barn"}


@pytest.mark.usefixtures("good")
def test_listing_imports_nothing() -> None:
    """The list of what is installed is read from metadata; no module of a stranger runs."""
    pigeon = InstalledPlugin(_GROUP, "pigeon", "Acme_Pigeons", "2.1", "acme_pigeons:Pigeon")
    assert [each for each in installed(_GROUP) if each.distribution != "muniment"] == [pigeon]
    assert {each.name for each in installed(_GROUP)} == {"apprise", "pigeon", "webhook"}
    assert "acme_pigeons" not in sys.modules


@pytest.mark.usefixtures("good")
def test_what_is_not_allowed_is_not_imported() -> None:
    """A distribution that is not on the list is refused before a line of it runs."""
    said = refusal(allow=("muniment", "acme"))
    assert said.startswith("plugins.allow: ")
    assert "'Acme_Pigeons'" in said
    assert "acme_pigeons" not in sys.modules


@pytest.mark.usefixtures("good")
def test_an_unknown_name_lists_what_there_is() -> None:
    """A name nobody offers is refused with the names of that socket."""
    assert "Installed are: apprise, pigeon, webhook." in refusal(name="falcon")


def test_a_name_offered_twice_is_refused(tmp_path: Path) -> None:
    """Two distributions offering one name are both named, even if only one is allowed."""
    with stranger(tmp_path / "a"), stranger(tmp_path / "b", name="evil-pigeons"):
        said = refusal()
    assert "offered twice" in said
    assert "Acme_Pigeons 2.1" in said
    assert "evil-pigeons 2.1" in said
    assert "acme_pigeons" not in sys.modules


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("raise RuntimeError('no loft\\nsecond line')", "RuntimeError: no loft "),
        ("raise ValueError('bad seed')", "ValueError: bad seed"),
        ("raise OSError(5, 'i/o')", "OSError: [Errno 5] i/o"),
        ("open('/nowhere/at/all')", "FileNotFoundError"),
        ("{}['loft']", "KeyError: 'loft'"),
        ("def broken(:", "SyntaxError"),
        ("from json import no_such_thing", "ImportError: cannot import name"),
        ("Falcon = 1", "AttributeError"),
        ("Pigeon = 1", "which cannot be called"),
    ],
)
def test_what_fails_to_load_stops_the_start(tmp_path: Path, source: str, cause: str) -> None:
    """A failure while importing is one line with its cause, the distribution and a remedy."""
    with stranger(tmp_path, source):
        said = refusal()
    assert cause.strip() in said
    assert "Acme_Pigeons" in said
    assert "second line" not in said


def test_a_missing_extra_is_told_with_its_command(tmp_path: Path) -> None:
    """If what is missing belongs to an extra, the remedy is the command that installs it."""
    needs = ("Grain.Seeds>=1 ; extra == 'seeds'", "json5>=1")
    with stranger(tmp_path, "import grain_seeds.millet", requires=needs):
        said = refusal()
    assert "ModuleNotFoundError: No module named 'grain_seeds'" in said
    assert said.endswith("Run: pip install 'Acme_Pigeons[seeds]'")


def test_our_s3_without_boto3_tells_its_extra(tmp_path: Path) -> None:
    """On an installation without boto3 the s3 storage is refused with the command to run."""
    gone = [name for name in sys.modules if name.partition(".")[0] in ("boto3", "botocore")]
    ours = ["muniment.blobs.s3", "muniment.blobs.s3_client"]
    kept = {name: sys.modules.pop(name) for name in [*gone, *ours] if name in sys.modules}
    (tmp_path / "boto3.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'boto3'\", name='boto3')", encoding="utf-8"
    )
    sys.path.insert(0, str(tmp_path))
    try:
        with pytest.raises(InvalidError, match=re.escape("pip install 'muniment[s3]'")):
            load("muniment.storage", "s3", allow=["muniment"])
    finally:
        sys.path.remove(str(tmp_path))
        for name in [*gone, *ours, "boto3"]:
            sys.modules.pop(name, None)
        sys.modules.update(kept)


def test_a_missing_module_of_no_extra_is_named(tmp_path: Path) -> None:
    """If nobody knows what offers a missing module, the remedy at least names it."""
    with stranger(tmp_path, "import grain_seeds"):
        assert "offers the module grain_seeds" in refusal()


def test_what_was_made_must_fit_its_socket(tmp_path: Path) -> None:
    """An object without the verbs of its socket is refused where it is made."""
    with stranger(tmp_path, "class Pigeon:\n    def coo(self): ..."):
        plugin = load(_GROUP, "pigeon", allow=["acme-pigeons"])
        with pytest.raises(
            InvalidError, match=r"a Pigeon is no Notifier \(require is missing; send is missing\)"
        ):
            build(plugin)


def test_a_failure_while_making_stops_the_start(tmp_path: Path) -> None:
    """A factory that fails is told in one line; an error that already explains itself stays."""
    source = "def Pigeon(error): raise error"
    with stranger(tmp_path, source):
        plugin = load(_GROUP, "pigeon", allow=["acme-pigeons"])
        with pytest.raises(InvalidError, match=r"cannot be made: ValueError: no seed"):
            build(plugin, ValueError("no seed"))
        with pytest.raises(InvalidError, match=r"cannot be made: TypeError"):
            build(plugin)
        with pytest.raises(ConflictError, match=r"^two lofts$"):
            build(plugin, ConflictError("two lofts"))


def test_from_settings_is_preferred(tmp_path: Path) -> None:
    """A class that offers `from_settings` is made by it, so that its constructor stays plain."""
    source = _GOOD + "\n    @classmethod\n    def from_settings(cls, settings):\n"
    with stranger(tmp_path, source + "        return cls(settings['loft'])\n"):
        plugin = load(_GROUP, "pigeon", allow=["acme-pigeons"])
        assert vars(build(plugin, {"loft": "tower"})) == {"loft": "tower"}


def test_our_own_are_offered_by_entry_points() -> None:
    """Ours enter by the same door: both storages are found in the metadata of muniment."""
    offered = installed("muniment.storage")
    assert [each.name for each in offered] == ["disk", "s3"]
    assert {(each.distribution, each.version) for each in offered} == {
        ("muniment", muniment.__version__)
    }


@pytest.mark.parametrize("group", GROUPS)
def test_every_socket_has_a_list(group: str) -> None:
    """Each of the nine sockets can be listed, also where nothing is installed."""
    assert all(each.group == group for each in installed(group))


def test_an_unknown_group_is_refused() -> None:
    """A socket that does not exist is refused with those that do."""
    with pytest.raises(InvalidError, match=r"no socket 'muniment\.storages'"):
        installed("muniment.storages")


_PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"


def snippets(language: str) -> list[str]:
    """Give the snippets of the page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_lists_every_socket() -> None:
    """Each socket stands on the page with its group."""
    page = _PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| `(muniment\.\w+)` \|", page, re.MULTILINE)
    assert {group: name for name, group in rows} == {
        group: socket.__name__ for group, socket in GROUPS.items()
    }


def test_the_page_s_example_keeps_the_contract(tmp_path: Path) -> None:
    """The plug-in shown on the page passes the contract suite by the test shown on the page."""
    module, test = snippets("python")
    (tmp_path / "acme_sqlite_storage.py").write_text(module, encoding="utf-8")
    (tmp_path / "test_example.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
    run = subprocess.run([*command, tmp_path], cwd=tmp_path, check=False, capture_output=True)
    assert run.returncode == 0, run.stdout.decode()
    assert b"17 passed" in run.stdout


def test_the_page_s_example_is_loaded_by_its_settings(tmp_path: Path) -> None:
    """Installed and set up as the page shows, the example is what content is kept in."""
    module, _ = snippets("python")
    line, chosen = snippets("toml")
    (tmp_path / "muniment.toml").write_text(
        f'{chosen}\n[data]\ndir = "{tmp_path / "data"}"\n', encoding="utf-8"
    )
    settings = load_settings(file=tmp_path / "muniment.toml", environment={}).settings
    with installed_distribution(
        tmp_path / "site",
        "acme-sqlite-storage",
        entry_points=tomllib.loads(line)["project"]["entry-points"],
        modules={"acme_sqlite_storage": module},
    ):
        storage, plugin = make_storage(settings)
        digest = Blobs(storage).put(b"kept by a stranger")
        assert Blobs(storage).get(digest) == b"kept by a stranger"
    assert plugin.distribution == "acme-sqlite-storage"
    assert (tmp_path / "data" / "objects.db").exists()
