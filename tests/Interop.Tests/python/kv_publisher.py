"""A model server's publisher of KV-cache events, on pyzmq (libzmq) and msgpack: PUB, and the ROUTER that tells again.

usage: kv_publisher.py EVENTS REPLAY TOPIC. Each line of the standard input is a JSON array of events; hashes of blocks,
which are strings in it, are sent as bytes. A line that begins with "-" is a batch that nobody is sent.
"""
import json
import sys
import time

import msgpack
import zmq


def as_bytes(value):
    if isinstance(value, list):
        return [as_bytes(item) for item in value]
    return bytes.fromhex(value) if isinstance(value, str) else value


def main():
    events_at, replay_at, topic = sys.argv[1:4]
    context = zmq.Context()
    events = context.socket(zmq.XPUB)
    events.setsockopt(zmq.XPUB_VERBOSE, 1)
    events.setsockopt(zmq.HEARTBEAT_IVL, 50)
    events.setsockopt(zmq.HEARTBEAT_TIMEOUT, 30_000)
    events.bind(events_at)
    replay = context.socket(zmq.ROUTER)
    replay.bind(replay_at)
    told = []
    poller = zmq.Poller()
    poller.register(events, zmq.POLLIN)
    poller.register(replay, zmq.POLLIN)
    poller.register(sys.stdin, zmq.POLLIN)
    print("ready", zmq.zmq_version(), flush=True)
    while True:
        ready = dict(poller.poll())
        if events in ready:
            print("subscription", events.recv(), flush=True)
        if replay in ready:
            identity, _, start = replay.recv_multipart()
            first = int.from_bytes(start, "big")
            for number, batch in enumerate(told):
                if number >= first:
                    replay.send_multipart((identity, b"", topic.encode(), number.to_bytes(8, "big"), batch))
            replay.send_multipart((identity, b"", topic.encode(), (-1).to_bytes(8, "big", signed=True), b""))
            print("told again from", first, flush=True)
        if sys.stdin.fileno() in ready:
            line = sys.stdin.readline()
            if not line:
                return
            batch = [[event[0], *(as_bytes(field) if i < 2 else field for i, field in enumerate(event[1:]))] for event in json.loads(line.lstrip("-"))]
            packed = msgpack.packb([time.time(), batch, 0])
            told.append(packed)
            if not line.startswith("-"):
                events.send_multipart((topic.encode(), (len(told) - 1).to_bytes(8, "big"), packed))
            print("batch", len(told) - 1, flush=True)


main()
