"""Who is evaluated: a model behind an address, a command, or a Python function."""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from muniment.core.errors import InvalidError
from muniment.registry.models import Answered, EvaluationCase

_MOST_BYTES: Final = 4 * 1024 * 1024
_CALL: Final = """import importlib, sys
sys.path.insert(0, "")
answer = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])(sys.stdin.read())
if not isinstance(answer, str):
    sys.exit("the function gave no text")
sys.stdout.write(answer)
"""


class Candidate(Protocol):
    """Whoever answers a case."""

    @property
    def named(self) -> Mapping[str, str]:
        """Say what it is, for the record; never a secret."""
        ...

    def ask(self, case: EvaluationCase) -> Answered:
        """Answer a case, or say why there is no answer."""
        ...


@dataclass(frozen=True, slots=True)
class EndpointCandidate:
    """A model behind an address that speaks as OpenAI's chat completions do."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    seed: int | None = None
    timeout: float = 60.0

    def __post_init__(self) -> None:
        """Refuse what is no address of the web."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise InvalidError(
                "is no address of a model", field="url", remedy="Write https://host/v1."
            )

    @property
    def named(self) -> Mapping[str, str]:
        """Say which model at which host."""
        return {"sort": "endpoint", "host": urlsplit(self.url).netloc, "model": self.model}

    def ask(self, case: EvaluationCase) -> Answered:
        """Ask the model; a redirect or anything but an answer is none."""
        try:
            status, data = self._post(json.dumps(self._question(case)).encode())
            told = json.loads(data)
            if status != 200:
                return Answered(None, says=f"the model answered {status}")
            text = told["choices"][0]["message"]["content"]
        except (OSError, http.client.HTTPException) as error:
            return Answered(None, says=f"the model does not answer: {error}")
        except (ValueError, LookupError, TypeError, RecursionError):
            return Answered(None, says="the answer is none that can be read")
        if not isinstance(text, str):
            return Answered(None, says="the answer holds no text")
        return Answered(text, str(told.get("model", ""))[:200])

    def _question(self, case: EvaluationCase) -> dict[str, Any]:
        messages = [{"role": "user", "content": case.input}]
        if case.system:
            messages.insert(0, {"role": "system", "content": case.system})
        asked: dict[str, Any] = {"model": self.model, "messages": messages, "temperature": 0}
        return asked if self.seed is None else {**asked, "seed": self.seed}

    def _post(self, body: bytes) -> tuple[int, bytes]:
        where = urlsplit(self.url)
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self.key:
            headers["authorization"] = f"Bearer {self.key}"
        connection: http.client.HTTPConnection
        if where.scheme == "https":
            connection = http.client.HTTPSConnection(
                where.hostname or "",
                where.port,
                timeout=self.timeout,
                context=ssl.create_default_context(),
            )
        else:
            connection = http.client.HTTPConnection(
                where.hostname or "", where.port, timeout=self.timeout
            )
        try:
            connection.request("POST", f"{where.path.rstrip('/')}/chat/completions", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_MOST_BYTES)
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class CommandCandidate:
    """A command that reads the input of a case and writes its answer."""

    words: Sequence[str]
    folder: Path
    timeout: float = 60.0
    function: str = ""

    @property
    def named(self) -> Mapping[str, str]:
        """Say which command, or which function."""
        if self.function:
            return {"sort": "function", "function": self.function[:200]}
        return {"sort": "command", "command": " ".join(self.words)[:400]}

    def ask(self, case: EvaluationCase) -> Answered:
        """Run the command for one case."""
        try:
            done = subprocess.run(  # noqa: S603 whoever evaluates names their own command
                list(self.words),
                input=case.input.encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self.folder,
                timeout=self.timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Answered(None, says=f"the command took more than {self.timeout:g} seconds")
        except (OSError, ValueError) as error:
            return Answered(None, says=f"the command cannot be run: {error}")
        if done.returncode:
            return Answered(None, says=f"the command ended with {done.returncode}")
        return Answered(done.stdout[:_MOST_BYTES].decode("utf-8", "replace"))


def function_candidate(named: str, folder: Path, timeout: float = 60.0) -> CommandCandidate:
    """Call a function written as module:function, of a folder, in a process of its own."""
    module, sign, name = named.partition(":")
    if not sign or not name.isidentifier() or not module.replace(".", "_").isidentifier():
        raise InvalidError(
            f"{named[:80]!r} names no function", field="call", remedy="Write module:function."
        )
    words = (sys.executable, "-c", _CALL, module, name)
    return CommandCandidate(words, folder, timeout, f"{module}:{name}")
