"""Secrets never show themselves, and each setting knows its own names."""

from __future__ import annotations

import copy
import json
import logging
from pathlib import Path

import pytest
from typer.testing import CliRunner

from muniment.cli import make_cli
from muniment.core.errors import InvalidError
from muniment.settings import Secret, Settings, knobs, load, shown

WORD = "hunter2-swordfish"
SECRETS = [each for each in knobs() if each.secret]


def with_secrets() -> Settings:
    """Give settings in which every secret is set."""
    return load(environment={each.variable: WORD for each in SECRETS}).settings


def test_a_secret_shows_stars_however_it_is_written(caplog: pytest.LogCaptureFixture) -> None:
    """Printing, formatting and logging a secret gives stars."""
    secret = Secret(WORD)
    with caplog.at_level(logging.INFO):
        logging.getLogger("some").info("value %s %r", secret, secret)
    shapes = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret:>40}",
        f"{secret!r}",
        "%s" % secret,  # noqa: UP031 an old form that log lines still use
        "{}".format(secret),  # noqa: UP032 another
        repr([secret]),
        repr({"a": (secret,)}),
        repr(copy.deepcopy(secret)),
        caplog.text,
    ]
    assert not [shape for shape in shapes if WORD in shape]
    assert all("*" in shape for shape in shapes)


def test_a_secret_is_given_to_whoever_asks_by_name() -> None:
    """The one place that needs it gets the plain text, of type str and nothing more."""
    assert Secret(WORD).reveal() == WORD
    assert type(Secret(WORD).reveal()) is str


def test_an_empty_secret_shows_that_it_is_empty() -> None:
    """Whether a secret is set may be seen."""
    assert (str(Secret("")), repr(Secret("")), f"{Secret('')}") == ("", "''", "")


def test_settings_as_a_whole_hide_their_secrets() -> None:
    """No printed, shown or loaded form of the settings holds a secret."""
    settings = with_secrets()
    assert SECRETS
    for each in SECRETS:
        assert each.value_in(settings).reveal() == WORD
        assert shown(each, settings) == "********"
    assert WORD not in f"{settings} {settings!r} {settings.database}"
    assert WORD not in repr(load(environment={SECRETS[0].variable: WORD}))


def test_the_digest_tells_only_whether_a_secret_is_set() -> None:
    """Nobody can guess a secret from the digest, and setting one is a change of configuration."""
    one = load(environment={"MUNIMENT_DATABASE_URL": WORD}).settings
    other = load(environment={"MUNIMENT_DATABASE_URL": "something-else"}).settings
    assert one.digest() == other.digest() != Settings().digest()


def test_an_error_about_a_secret_does_not_quote_it(tmp_path: Path) -> None:
    """A bad secret is told by its key alone, in every source."""
    file = tmp_path / "some.toml"
    for each in SECRETS:
        file.write_text(f"[{each.area}]\n{each.name} = ['{WORD}']\n")
        for given in (
            {"file": file, "environment": {}},
            {"environment": {each.variable: WORD + "\0"}},
            {"environment": {}, "overrides": {each.key: [WORD]}},
        ):
            with pytest.raises(InvalidError) as refused:
                load(**given)
            assert each.key in str(refused.value)
            assert WORD not in str(refused.value)


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--changed"]])
def test_the_command_shows_no_secret(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`muniment settings` tells that a secret is set and where from, and not what it is."""
    monkeypatch.chdir(tmp_path)
    for each in SECRETS:
        monkeypatch.setenv(each.variable, WORD)
    done = CliRunner().invoke(make_cli(), ["settings", *arguments])
    assert done.exit_code == 0, done.output
    assert WORD not in done.output
    assert "********" in done.output
    if arguments == ["--json"]:
        rows = {row["key"]: row for row in json.loads(done.output)}
        assert rows["database.url"]["source"] == "environment"


def test_each_setting_has_one_key_and_one_variable() -> None:
    """No two settings can be meant by one name."""
    every = list(knobs())
    assert len({each.key for each in every}) == len({each.variable for each in every}) == len(every)
    (port,) = (each for each in every if each.key == "server.port")
    assert port.variable == "MUNIMENT_SERVER_PORT"
