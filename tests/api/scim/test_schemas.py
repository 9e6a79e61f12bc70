"""What the server publishes of itself can be read by an independent reader of the standard."""

from __future__ import annotations

from muniment.api.scim.schemas import provider_config, resource_types, schemas

BASE = "https://muniment.example/scim/v2"


def test_read_by_another() -> None:
    """Schemas, resource types and abilities are whole in the eyes of another implementation."""
    # Loading these takes seconds, so only the process that asks them pays.
    from scim2_models import ResourceType, Schema, ServiceProviderConfig  # noqa: PLC0415

    for each in schemas(BASE):
        assert Schema.model_validate(each).id == each["id"]
    assert {ResourceType.model_validate(each).id for each in resource_types(BASE)} == {
        "User",
        "Group",
    }
    assert ServiceProviderConfig.model_validate(provider_config(BASE)).patch
