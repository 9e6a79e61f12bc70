"""Gives the gateway what it needs of the house."""

from __future__ import annotations

from muniment.core.ids import IdMaker
from muniment.gateway import Gateway, Means, Outside, Providers
from muniment.ledger import open_writer
from muniment.server.house import House


def make_gateway(house: House) -> Gateway:
    """Build the application for calls of models; it opens what it needs with the first call."""

    def opened() -> Means:
        return Means(
            database=house.database,
            settings=house.settings,
            keybook=house.keybook,
            reception=house.reception,
            turned_away=house.turned_away,
            safe=house.safe,
            writer=open_writer(house.database, f"{house.log.producer}.gateway", house.log.stopped),
            providers=Providers(Outside(house.settings, house.loaded.credentials)),
            ids=IdMaker(house.clock),
        )

    return Gateway(opened)
