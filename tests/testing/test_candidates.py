"""The scripted model answers as a model behind an address does."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

from muniment.testing.candidates import scripted_model


def test_it_says_what_its_script_says() -> None:
    """Answers, failures, and nothing at other addresses."""
    with scripted_model(lambda text: text.upper() if text else None, reported="m-2") as url:
        where = urlsplit(url)

        def ask(text: str, path: str = "/v1/chat/completions") -> tuple[int, dict[str, object]]:
            connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
            body = json.dumps({"messages": [{"role": "user", "content": text}]})
            connection.request("POST", path, body)
            answer = connection.getresponse()
            told = json.loads(answer.read())
            connection.close()
            return answer.status, told

        status, told = ask("yes")
        assert (status, told["model"]) == (200, "m-2")
        assert ask("")[0] == 500
        assert ask("yes", "/v1/else")[0] == 500
