"""Commands about MLflow."""

from __future__ import annotations

from tests.cli.registry.left import Left
from tests.server.registered import KEY


def test_a_model_is_followed_and_listed(left: Left) -> None:
    """With its gates; without a server named, a look says what to set."""
    with left.inside() as house:
        house.live()
    said = left.said(
        "mlflow", "follow", KEY, "model/main", "score", "--gate", "champion=production"
    )
    assert "score is followed as model/main" in said
    assert left.json("mlflow", "list")[0]["gates"] == {"champion": "production"}
    assert "score" in left.said("mlflow", "list")
    left.capsys.readouterr()
    assert left("mlflow", "sync", "score") == 2
    assert "registry.mlflow_url" in left.capsys.readouterr().err
    assert left("mlflow", "follow", KEY, "model/main", "score") == 6
