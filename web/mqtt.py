"""Readings by MQTT: topics `baochu/{world}/{station}/{element}`, QoS 1, a session that the broker keeps.

A message is acknowledged when its reading is stored, not before: what a crash, a lost database or a lost broker leaves
unacknowledged, the broker sends again, and a reading that comes twice is stored once.
"""

from __future__ import annotations

from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import structlog
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Engine

from command import watching
from command.observations import take
from command.stations import Raw, Source
from gis_data.clock import monotonic_s
from gis_data.errors import Invalid, NotFound
from gis_data.settings import Settings
from gis_data.world import get_world
from web.feeds import Feeds
from web.reading_rows import MOST_ROWS, from_json

TOPICS = "baochu/+/+/+"
SOURCE = Source("mqtt")
BATCH_S, IDLE_S, RETRY_S = 0.25, 0.01, 1.0
"""A batch is closed after so long, or when nothing more has come for a while: a broker sends few messages ahead of
their acknowledgement."""
log = structlog.get_logger()


def rows_of(topic: str, payload: bytes) -> tuple[str, list[Raw]]:
    """The world and the rows of a message; station and element are the topic's."""
    _, world, station, element = topic.split("/")
    try:
        found = from_json(payload)
    except Invalid:
        found = [{"payload": payload[:200].decode(errors="replace")}]
    return world, [{**row, "station": station, "element": element} for row in found]


class Broker:
    """A connection to a broker, kept up by paho's own thread; another one stores what has come."""

    def __init__(self, settings: Settings, engine: Engine, feeds: Feeds) -> None:
        assert settings.mqtt_url
        self.engine, self.feeds = engine, feeds
        self.came: SimpleQueue[mqtt.MQTTMessage] = SimpleQueue()
        self.ending = Event()
        url = urlsplit(settings.mqtt_url)
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, f"baochu-{settings.district}", clean_session=False, manual_ack=True
        )
        if settings.mqtt_user:
            secret = settings.mqtt_password
            self.client.username_pw_set(settings.mqtt_user, secret.get_secret_value() if secret else None)
        if url.scheme == "mqtts":
            self.client.tls_set(ca_certs=str(settings.mqtt_ca) if settings.mqtt_ca else None)
        self.client.reconnect_delay_set(1, 30)
        self.client.on_connect, self.client.on_disconnect = self._connected, self._lost
        self.client.on_connect_fail = lambda *_: self._say_lost("unreachable")
        self.client.on_message = lambda _, __, message: self.came.put(message)
        self.client.connect_async(url.hostname or "localhost", url.port or (8883 if url.scheme == "mqtts" else 1883))
        self.storing = Thread(target=self._store, name="mqtt-store", daemon=True)

    def start(self) -> None:
        """Connect, and go on connecting."""
        self.feeds.tell("mqtt", False, "正在连接 MQTT 服务器", "connecting to the MQTT broker")
        self.storing.start()
        self.client.loop_start()

    def stop(self) -> None:
        """Store what has come, and go; the broker keeps what comes meanwhile."""
        self.ending.set()
        self.storing.join(5)
        self.client.disconnect()
        self.client.loop_stop()

    def _connected(self, client: mqtt.Client, _: Any, __: Any, reason: Any, ___: Any) -> None:
        if reason.is_failure:
            self._say_lost(str(reason))
            return
        client.subscribe(TOPICS, 1)
        self.feeds.tell("mqtt", True, "MQTT 已连接", "connected to the MQTT broker")

    def _lost(self, client: mqtt.Client, _: Any, __: Any, reason: Any, ___: Any) -> None:
        if not self.ending.is_set():
            self._say_lost(str(reason))

    def _say_lost(self, reason: str) -> None:
        self.feeds.tell("mqtt", False, f"MQTT 服务器失联（{reason}）", f"the MQTT broker is lost ({reason})")

    def _batch(self) -> list[mqtt.MQTTMessage]:
        found: list[mqtt.MQTTMessage] = []
        try:
            found.append(self.came.get(timeout=BATCH_S))
            until = monotonic_s() + BATCH_S
            while len(found) < MOST_ROWS and monotonic_s() < until:
                found.append(self.came.get(timeout=IDLE_S))
        except Empty:
            pass
        return found

    def _store(self) -> None:
        while True:
            messages = self._batch()
            if not messages and self.ending.is_set():
                return
            worlds: dict[str, list[Raw]] = {}
            for message in messages:
                world, rows = rows_of(message.topic, bytes(message.payload))
                worlds.setdefault(world, []).extend(rows)
            if all(self._taken(world, rows) for world, rows in worlds.items()):
                for message in messages:
                    self.client.ack(message.mid, message.qos)

    def _taken(self, name: str, rows: Sequence[Raw]) -> bool:
        """Store until it is done; what is for no world is passed over. False: it was not, and we are ending."""
        while True:
            try:
                world = get_world(self.engine, name)
                for first in range(0, len(rows), MOST_ROWS):
                    taken = take(world, rows[first : first + MOST_ROWS], SOURCE)
                    watching.watch(world, taken.stations)
                self.feeds.tell("mqtt store", True, "读数存入正常", "readings are stored")
                return True
            except NotFound:
                log.warning("readings for no world", world=name, rows=len(rows))
                return True
            except Exception as error:  # whatever it is, the broker keeps the messages until they are stored
                said = str(error).splitlines()[0]
                self.feeds.tell("mqtt store", False, f"读数未能存入：{said}", f"readings are not stored: {said}")
                if self.ending.wait(RETRY_S):
                    return False
