"""Drives the picker with grpcio: one scenario, its outcome as one JSON object on standard output.

usage: client.py SCENARIO DESCRIPTORS TARGET [OPTION=VALUE ...]

DESCRIPTORS is a file with a serialised FileDescriptorSet of ext_proc and gRPC health: no generated code is needed.
"""
import hashlib
import json
import queue
import signal
import sys
import threading

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

LIMIT = 60  # seconds, for any one call
PROCESS = "/envoy.service.ext_proc.v3.ExternalProcessor/Process"
HEALTH = "/grpc.health.v1.Health/"
MEGABYTE = 1024 * 1024


class Messages:
    """Message classes by full name."""

    def __init__(self, path):
        files = descriptor_pb2.FileDescriptorSet()
        with open(path, "rb") as file:
            files.ParseFromString(file.read())
        self._pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            self._pool.Add(file)
        self._factory = message_factory.MessageFactory(self._pool) if not hasattr(message_factory, "GetMessageClass") else None

    def __getitem__(self, name):
        descriptor = self._pool.FindMessageTypeByName(name)
        return self._factory.GetPrototype(descriptor) if self._factory else message_factory.GetMessageClass(descriptor)


class Exchange:
    """One ext_proc stream: requests are sent one by one, answers are read one by one."""

    def __init__(self, messages, channel, metadata=None, compression=None, timeout=LIMIT):
        self.request_type = messages["envoy.service.ext_proc.v3.ProcessingRequest"]
        method = channel.stream_stream(
            PROCESS,
            request_serializer=lambda m: m.SerializeToString(),
            response_deserializer=messages["envoy.service.ext_proc.v3.ProcessingResponse"].FromString)
        self._requests = queue.Queue()
        self.call = method(iter(self._requests.get, None), timeout=timeout, metadata=metadata, compression=compression)

    def send(self, fill):
        request = self.request_type()
        fill(request)
        self._requests.put(request)

    def half_close(self):
        self._requests.put(None)

    def headers(self, end_of_stream=False, path="/v1/completions", method="POST", full_duplex=True):
        def fill(request):
            pairs = [(":authority", "model.test"), (":path", path), (":method", method), (":scheme", "http"), ("x-request-id", "python-1")]
            for key, value in pairs:
                request.request_headers.headers.headers.add(key=key, raw_value=value.encode())
            request.request_headers.end_of_stream = end_of_stream
            mode = 4 if full_duplex else 2
            request.protocol_config.request_body_mode = mode
            request.protocol_config.response_body_mode = mode
        self.send(fill)

    def body(self, data, end_of_stream):
        def fill(request):
            request.request_body.body = data
            request.request_body.end_of_stream = end_of_stream
        self.send(fill)

    def response_headers(self, content_type=None):
        def fill(request):
            request.response_headers.headers.headers.add(key=":status", raw_value=b"200")
            if content_type:
                request.response_headers.headers.headers.add(key="content-type", raw_value=content_type.encode())
        self.send(fill)

    def response_body(self, data, end_of_stream):
        def fill(request):
            request.response_body.body = data
            request.response_body.end_of_stream = end_of_stream
        self.send(fill)

    def read(self):
        return next(self.call)

    def outcome(self):
        """Reads to the end of the stream; the status, and how many answers came before it."""
        count = 0
        try:
            for _ in self.call:
                count += 1
        except grpc.RpcError:
            pass
        return {"status": self.call.code().name, "details": self.call.details(), "answers": count}


def set_headers(mutation):
    return {option.header.key.lower(): (option.header.raw_value.decode() or option.header.value) for option in mutation.set_headers}


def read_body(exchange, field):
    """Reads streamed body answers up to the end of the stream."""
    digest, length, pieces, largest = hashlib.sha256(), 0, 0, 0
    while True:
        answer = exchange.read()
        assert answer.WhichOneof("response") == field, answer
        piece = getattr(answer, field).response.body_mutation.streamed_response
        digest.update(piece.body)
        length, pieces, largest = length + len(piece.body), pieces + 1, max(largest, len(piece.body))
        if piece.end_of_stream:
            return {"length": length, "pieces": pieces, "largest": largest, "hash": digest.hexdigest().upper()}


def request_body(size):
    start, end = b'{"model":"m","prompt":"', b'"}'
    return start + bytes(97 + (i * 7 + i // 26) % 26 for i in range(size - len(start) - len(end))) + end


def full_duplex(messages, channel, options):
    body = request_body(int(options["size"]))
    piece = int(options.get("piece", MEGABYTE))
    exchange = Exchange(messages, channel, compression=grpc.Compression.Gzip if options.get("gzip") else None)
    exchange.headers()
    for at in range(0, len(body), piece):
        exchange.body(body[at:at + piece], False)
    exchange.body(b"", True)
    answer = exchange.read()
    assert answer.WhichOneof("response") == "request_headers", answer
    result = {
        "headers": set_headers(answer.request_headers.response.header_mutation),
        "metadata": answer.dynamic_metadata["envoy.lb"]["x-gateway-destination-endpoint"],
        "sent": hashlib.sha256(body).hexdigest().upper(),
        "request": read_body(exchange, "request_body"),
    }
    exchange.response_headers()
    answer = exchange.read()
    assert answer.WhichOneof("response") == "response_headers", answer
    exchange.response_body(b"data: first\n\n", False)
    first = exchange.read()
    result["first"] = first.response_body.response.body_mutation.streamed_response.body.decode()
    exchange.response_body(b"", True)
    read_body(exchange, "response_body")
    exchange.half_close()
    return {**result, **exchange.outcome()}


def reads_late(messages, channel, options):
    """Sends all of a body before it reads any of the answers; the request's last piece comes twice, as Envoy may send it."""
    body, response = request_body(int(options["size"])), request_body(int(options["response"]))
    pieces = [body[at:at + MEGABYTE] for at in range(0, len(body), MEGABYTE)]
    exchange = Exchange(messages, channel)
    exchange.headers()
    for piece in pieces[:-1]:
        exchange.body(piece, False)
    exchange.body(pieces[-1], True)
    exchange.body(pieces[-1], True)
    answer = exchange.read()
    assert answer.WhichOneof("response") == "request_headers", answer
    request = read_body(exchange, "request_body")
    exchange.response_headers("text/event-stream")
    for at in range(0, len(response), 65536):
        exchange.response_body(response[at:at + 65536], False)
    exchange.response_body(b"", True)
    answer = exchange.read()
    assert answer.WhichOneof("response") == "response_headers", answer
    result = {
        "headers": set_headers(answer.response_headers.response.header_mutation),
        "sent": hashlib.sha256(body).hexdigest().upper(),
        "request": request,
        "sentResponse": hashlib.sha256(response).hexdigest().upper(),
        "response": read_body(exchange, "response_body"),
    }
    exchange.half_close()
    return {**result, **exchange.outcome()}


def buffered(messages, channel, options):
    body = request_body(int(options["size"]))
    exchange = Exchange(messages, channel)
    exchange.headers(full_duplex=False)
    answer = exchange.read()
    assert answer.WhichOneof("response") == "request_headers", answer
    exchange.body(body, True)
    answer = exchange.read()
    assert answer.WhichOneof("response") == "request_body", answer
    mutation = answer.request_body.response.header_mutation
    metadata = answer.dynamic_metadata["envoy.lb"]["x-gateway-destination-endpoint"]
    exchange.half_close()
    return {"headers": set_headers(mutation), "metadata": metadata, **exchange.outcome()}


def bodyless(messages, channel, options):
    exchange = Exchange(messages, channel)
    exchange.headers(end_of_stream=True, path="/v1/models", method="GET")
    answer = exchange.read()
    assert answer.WhichOneof("response") == "request_headers", answer
    exchange.half_close()
    return {"headers": set_headers(answer.request_headers.response.header_mutation), **exchange.outcome()}


def not_json(messages, channel, options):
    exchange = Exchange(messages, channel)
    exchange.headers()
    exchange.body(b"this is not JSON", True)
    immediate = exchange.read().immediate_response
    return {"http": immediate.status.code, "text": immediate.body.decode(), **exchange.outcome()}


def half_close_in_mid_body(messages, channel, options):
    exchange = Exchange(messages, channel)
    exchange.headers()
    exchange.body(request_body(200000)[:100000], False)
    exchange.half_close()
    return exchange.outcome()


def cancel_in_mid_body(messages, channel, options):
    exchange = Exchange(messages, channel)
    exchange.headers()
    exchange.body(request_body(200000)[:100000], False)
    threading.Thread(target=lambda: (signal.sigwait([signal.SIGUSR2]), exchange.call.cancel()), daemon=True).start()
    print("sent", flush=True)
    return exchange.outcome()


def too_large(messages, channel, options):
    exchange = Exchange(messages, channel)
    exchange.headers()
    exchange.body(b"x" * (5 * MEGABYTE), True)
    return exchange.outcome()


def unknown_method(messages, channel, options):
    method = channel.unary_unary("/envoy.service.ext_proc.v3.ExternalProcessor/Guess")
    return unary_outcome(method, b"")


def deadline(messages, channel, options):
    exchange = Exchange(messages, channel, timeout=0.5)
    exchange.headers()
    return exchange.outcome()


def unary_outcome(method, request, read=lambda answer: {}):
    try:
        return {"status": "OK", **read(method(request, timeout=LIMIT))}
    except grpc.RpcError as error:
        return {"status": error.code().name, "details": error.details()}


def health_check(messages, channel, options):
    request = messages["grpc.health.v1.HealthCheckRequest"]
    response = messages["grpc.health.v1.HealthCheckResponse"]
    method = channel.unary_unary(HEALTH + "Check", request_serializer=lambda m: m.SerializeToString(), response_deserializer=response.FromString)
    return unary_outcome(method, request(service=options.get("service", "")), lambda answer: {"serving": answer.status == 1})


def health_list(messages, channel, options):
    request = messages["grpc.health.v1.HealthListRequest"]
    response = messages["grpc.health.v1.HealthListResponse"]
    method = channel.unary_unary(HEALTH + "List", request_serializer=lambda m: m.SerializeToString(), response_deserializer=response.FromString)
    return unary_outcome(method, request(), lambda answer: {"services": {name: value.status for name, value in answer.statuses.items()}})


def health_watch(messages, channel, options):
    request = messages["grpc.health.v1.HealthCheckRequest"]
    response = messages["grpc.health.v1.HealthCheckResponse"]
    method = channel.unary_stream(HEALTH + "Watch", request_serializer=lambda m: m.SerializeToString(), response_deserializer=response.FromString)
    call = method(request(), timeout=LIMIT)
    try:
        first = next(call)
        call.cancel()
        return {"status": "OK", "serving": first.status == 1}
    except grpc.RpcError as error:
        return {"status": error.code().name}


def main():
    scenario, descriptors, target = sys.argv[1:4]
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])  # for all threads to come: one of them waits for it
    options = dict(option.split("=", 1) for option in sys.argv[4:])
    settings = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    if "authority" in options:
        settings.append(("grpc.default_authority", options["authority"]))
    channel = grpc.insecure_channel(target, settings)
    with channel:
        print(json.dumps(globals()[scenario.replace("-", "_")](Messages(descriptors), channel, options)), flush=True)


main()
