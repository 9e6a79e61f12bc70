"""Reading settings: which source wins, what is refused, and that all problems are told at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.settings import Settings, knobs, load, shown


def problems_of(
    *,
    file: Path | None = None,
    environment: dict[str, str] | None = None,
    overrides: dict[str, object] | None = None,
) -> tuple[str, ...]:
    """Give what is wrong with some settings."""
    with pytest.raises(InvalidError) as refused:
        load(file=file, environment=environment or {}, overrides=overrides)
    return refused.value.reasons


def written(folder: Path, text: str) -> Path:
    """Write a settings file."""
    path = folder / "some.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, so that no file of the developer's is read."""
    monkeypatch.chdir(tmp_path)


def test_with_nothing_given_the_defaults_hold() -> None:
    """An empty machine gets the documented defaults, and each says so."""
    loaded = load(environment={})
    assert loaded.settings == Settings()
    assert set(loaded.sources.values()) == {"default"}
    assert set(loaded.sources) == {each.key for each in knobs()}


def test_each_source_wins_over_the_one_before(tmp_path: Path) -> None:
    """Defaults, then the file, then the environment, then the command line; each is named."""
    file = written(tmp_path, "[server]\nport = 1\nhost = 'a'\n[log]\nlevel = 'debug'\n")
    loaded = load(
        file=file,
        environment={"MUNIMENT_SERVER_PORT": "2", "MUNIMENT_SERVER_HOST": "b"},
        overrides={"server.port": 3, "data.dir": None},
    )
    server = loaded.settings.server
    assert (server.port, server.host, loaded.settings.log.level) == (3, "b", "debug")
    assert [loaded.sources[key] for key in ("server.port", "server.host", "log.level")] == [
        "command line",
        "environment",
        f"file {file}",
    ]
    assert loaded.sources["data.dir"] == "default"


def test_the_file_in_the_working_folder_is_read_if_it_is_there(tmp_path: Path) -> None:
    """`muniment.toml` beside the caller counts without being named."""
    (tmp_path / "muniment.toml").write_text("[server]\nport = 7\n")
    assert load(environment={}).settings.server.port == 7


def test_the_environment_may_name_the_file(tmp_path: Path) -> None:
    """MUNIMENT_CONFIG names a file, and a file on the command line wins over it."""
    named = written(tmp_path, "[server]\nport = 8\n")
    other = tmp_path / "other.toml"
    other.write_text("[server]\nport = 9\n")
    environment = {"MUNIMENT_CONFIG": str(named)}
    assert load(environment=environment).settings.server.port == 8
    assert load(file=other, environment=environment).settings.server.port == 9


def test_the_process_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without being told otherwise, the real environment counts."""
    monkeypatch.setenv("MUNIMENT_SERVER_PORT", "4321")
    monkeypatch.setenv("MUNIMENT_TEST_ANYTHING", "ours")
    assert load().settings.server.port == 4321


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    """A file saved by an editor that adds a mark in front is read like any other."""
    assert load(file=written(tmp_path, "\ufeff[server]\nport = 5\n")).settings.server.port == 5


def test_every_kind_of_value_can_come_from_the_environment() -> None:
    """Numbers, yes and no, lists, paths and words are read from text."""
    settings = load(
        environment={
            "MUNIMENT_SERVER_PORT": " 99 ",
            "MUNIMENT_SERVER_BEHIND_PROXY": "Yes",
            "MUNIMENT_SERVER_TRUSTED_PROXIES": "10.0.0.0/8, ,127.0.0.1,",
            "MUNIMENT_SERVER_TLS_CERT": "~/cert.pem",
            "MUNIMENT_NETWORK_CA_FILE": "",
            "MUNIMENT_LOG_LEVEL": "error",
        }
    ).settings
    assert settings.server.port == 99
    assert settings.server.behind_proxy is True
    assert settings.server.trusted_proxies == ("10.0.0.0/8", "127.0.0.1")
    assert settings.server.tls_cert == Path.home() / "cert.pem"
    assert settings.network.ca_file is None
    assert settings.log.level == "error"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("server.prot", "did you mean server.port?"),
        ("sever.port", "did you mean server.port?"),
        ("entirely.else", "Remove it."),
    ],
)
def test_an_unknown_key_is_refused_with_a_hint(tmp_path: Path, key: str, hint: str) -> None:
    """A misspelt setting never passes silently, in the file or on the command line."""
    area, name = key.split(".")
    file = written(tmp_path, f"[{area}]\n{name} = 1\n")
    for (told,) in (problems_of(file=file), problems_of(overrides={key: 1})):
        assert told.startswith(f"{key}: there is no such setting")
        assert hint in told


@pytest.mark.parametrize(
    ("variable", "hint"),
    [
        ("MUNIMENT_SERVER_PROT", "did you mean MUNIMENT_SERVER_PORT?"),
        ("MUNIMENT_CONFIG_FILE", "no such setting"),
        ("MUNIMENT_", "no such setting"),
    ],
)
def test_an_unknown_variable_is_refused_with_a_hint(variable: str, hint: str) -> None:
    """A misspelt variable is told by its own name, and its value is not shown."""
    (told,) = problems_of(environment={variable: "hunter2", "OTHER_PROGRAMS": "1"})
    assert told.startswith(f"{variable}: ")
    assert hint in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("key", "toml", "reason"),
    [
        ("server.port", "'abc'", "Give a whole number."),
        ("server.port", "1.0", "Give a whole number."),
        ("server.port", "true", "Give a whole number."),
        ("server.port", "[1]", "Give a whole number."),
        ("server.port", "-1", "Give a number from 0 to 65535."),
        ("server.port", "65536", "Give a number from 0 to 65535."),
        ("server.port", "0x" + "f" * 9000, "Give a number from 0 to 65535."),
        ("server.port", "'99999999999999999999'", "Give a whole number."),
        ("server.behind_proxy", "'perhaps'", "Give true or false."),
        ("server.behind_proxy", "1", "Give true or false."),
        ("server.trusted_proxies", "[1, 2]", "Give a list of texts."),
        ("server.trusted_proxies", "5", "Give a list of texts."),
        ("server.host", "5", "Give a text in quotes."),
        ("server.host", "2026-01-01", "Give a text in quotes."),
        ("server.host", "'''a\\u0000'''", ""),
        ("server.tls_cert", "5", "Give a text in quotes."),
        ("server.host", '"a\\u0000b"', "NUL"),
        ("server.trusted_proxies", '["a\\u0000b"]', "NUL"),
        ("data.dir", "''", "Give a path."),
        ("data.dir", "{x = 1}", "Give a text in quotes."),
        ("data.dir", "'~nobody-of-this-name/x'", "give the whole path"),
        ("log.level", "'loud'", "Give one of debug, info, warning, error."),
    ],
)
def test_a_value_of_another_kind_is_refused(
    tmp_path: Path, key: str, toml: str, reason: str
) -> None:
    """A bad value is told with its key, what to give instead, and where it stands."""
    area, name = key.split(".")
    file = written(tmp_path, f"[{area}]\n{name} = {toml}\n")
    if not reason:
        assert load(file=file, environment={}).settings.server.host == "a\\u0000"
        return
    (told,) = problems_of(file=file)
    assert told.startswith(f"{key}: ")
    assert reason in told
    assert told.endswith(f"[file {file}]")
    assert len(told) < 200 + len(str(file))


def test_bytes_that_are_not_utf8_are_refused() -> None:
    """A variable in another encoding is refused at once, not when it is hashed."""
    raw = os.fsdecode(b"/srv/\xff")
    for variable in ("MUNIMENT_DATA_DIR", "MUNIMENT_SERVER_HOST", "MUNIMENT_PLUGINS_ALLOW"):
        (told,) = problems_of(environment={variable: raw})
        assert "Give it in UTF-8." in told


def test_a_bad_value_is_told_even_if_a_later_source_hides_it(tmp_path: Path) -> None:
    """A fault in the file does not wait there until the variable over it goes away."""
    file = written(tmp_path, "[server]\nport = 'abc'\n")
    (told,) = problems_of(file=file, environment={"MUNIMENT_SERVER_PORT": "80"})
    assert "abc" in told


def test_all_problems_are_told_in_one_error(tmp_path: Path) -> None:
    """Nobody mends one setting only to be told of the next."""
    file = written(tmp_path, "top = 1\nserver = 2\n[log]\nlevel = 'loud'\n[sever]\nport = 1\n")
    told = problems_of(
        file=file,
        environment={"MUNIMENT_SERVER_PORT": "x", "MUNIMENT_NOPE": "1"},
        overrides={"jobs.threads": 0, "jobs.thread": 1},
    )
    assert len(told) == 8
    assert sorted(line.split(":")[0] for line in told) == sorted(
        [
            *("top", "server", "sever.port", "log.level", "server.port", "MUNIMENT_NOPE"),
            *("jobs.threads", "jobs.thread"),
        ]
    )


@pytest.mark.parametrize(
    "data",
    [
        b"server = ",
        b"[server]\nport = 1\nport = 2\n",
        b"\xff\xfe",
        b"a = " + b"[" * 5000,
        b"a = " + b"1" * 9000,
        b"\0",
    ],
)
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, data: bytes) -> None:
    """An unreadable file ends in one sentence that names it, whatever is in it."""
    path = tmp_path / "bad.toml"
    path.write_bytes(data)
    with pytest.raises(InvalidError, match=r"^--config: .*bad\.toml cannot be read.*Mend"):
        load(file=path, environment={})


def test_a_missing_or_strange_file_is_named(tmp_path: Path) -> None:
    """A file that was named must be there, and must be a file."""
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(InvalidError, match="cannot be read"):
            load(file=path, environment={})
        with pytest.raises(InvalidError, match="cannot be read"):
            load(environment={"MUNIMENT_CONFIG": str(path)})


@given(st.dictionaries(st.text(), st.text(), max_size=5))
def test_chance_variables_never_crash(environment: dict[str, str]) -> None:
    """Variables of other programs are passed over; ours are read or refused."""
    ours = {f"MUNIMENT_{name}": value for name, value in environment.items()}
    load(environment={f"X{name}": value for name, value in environment.items()})
    if ours:
        with pytest.raises(InvalidError):
            load(environment=ours)


@given(st.sampled_from([each.variable for each in knobs()]), st.text(max_size=30))
def test_chance_values_are_read_or_refused(variable: str, value: str) -> None:
    """Whatever text a variable holds, the answer is settings or a sentence; both can be hashed."""
    try:
        settings = load(environment={variable: value}).settings
    except InvalidError:
        return
    assert settings.digest()


def test_values_are_shown_as_they_are_written() -> None:
    """A person reads the same words that a file would hold."""
    settings = load(
        environment={}, overrides={"server.trusted_proxies": ("a", "b"), "data.dir": Path("x")}
    ).settings
    lines = {each.key: shown(each, settings) for each in knobs()}
    assert lines["server.trusted_proxies"] == "a, b"
    assert lines["jobs.inside"] == "true"
    assert lines["network.ca_file"] == ""
    assert lines["data.dir"] == "x"
