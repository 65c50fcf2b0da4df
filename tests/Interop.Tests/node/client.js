'use strict';
// Drives the picker with grpc-js: one scenario, its outcome as one JSON object on standard output.
//
// usage: client.js SCENARIO PROTOS TARGET [OPTION=VALUE ...]
//
// PROTOS is the folder of the .proto files of ext_proc and gRPC health.
const crypto = require('crypto');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const LIMIT = 60_000; // milliseconds, for any one call
const MEGABYTE = 1024 * 1024;
const GZIP = 2;

const [scenario, protos, target, ...rest] = process.argv.slice(2);
const options = Object.fromEntries(rest.map(option => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]));
const definition = loader.loadSync(
  ['envoy/service/ext_proc/v3/external_processor.proto', 'grpc/health/v1/health.proto'],
  { includeDirs: [protos], keepCase: true, defaults: true, oneofs: true, enums: Number });
const { envoy, grpc: { health: { v1: { Health } } } } = grpc.loadPackageDefinition(definition);

const settings = { 'grpc.max_send_message_length': -1, 'grpc.max_receive_message_length': -1 };
if (options.authority) settings['grpc.default_authority'] = options.authority;
if (options.gzip) settings['grpc.default_compression_algorithm'] = GZIP;
const credentials = grpc.credentials.createInsecure();

const deadline = (limit = LIMIT) => ({ deadline: Date.now() + limit });
const sha256 = data => crypto.createHash('sha256').update(data).digest('hex').toUpperCase();
const statusName = code => Object.keys(grpc.status).find(name => grpc.status[name] === code);

// One ext_proc stream: requests are sent one by one, answers are read one by one.
class Exchange {
  constructor(limit) {
    this.client = new envoy.service.ext_proc.v3.ExternalProcessor(target, credentials, settings);
    this.call = this.client.Process(new grpc.Metadata(), deadline(limit));
    this.answers = [];
    this.waiting = [];
    this.ended = false;
    this.status = new Promise(resolve => this.call.on('status', resolve));
    this.call.on('data', answer => { this.answers.push(answer); this.wake(); });
    this.call.on('error', () => this.finish());
    this.call.on('end', () => this.finish());
  }

  finish() { this.ended = true; this.wake(); }

  wake() { for (const resolve of this.waiting.splice(0)) resolve(); }

  async read() {
    while (this.answers.length === 0) {
      if (this.ended) throw new Error(`the stream has ended: ${JSON.stringify(await this.status)}`);
      await new Promise(resolve => this.waiting.push(resolve));
    }
    return this.answers.shift();
  }

  async outcome() {
    const status = await this.status;
    this.client.close();
    return { status: statusName(status.code), details: status.details, answers: this.answers.length };
  }

  headers({ endOfStream = false, path = '/v1/completions', method = 'POST', mode = 4 } = {}) {
    const pairs = { ':authority': 'model.test', ':path': path, ':method': method, ':scheme': 'http', 'x-request-id': 'node-1' };
    const headers = Object.entries(pairs).map(([key, value]) => ({ key, raw_value: Buffer.from(value) }));
    this.call.write({
      request_headers: { headers: { headers }, end_of_stream: endOfStream },
      protocol_config: { request_body_mode: mode, response_body_mode: mode },
    });
  }

  body(body, endOfStream) { this.call.write({ request_body: { body, end_of_stream: endOfStream } }); }

  responseHeaders(contentType) {
    const pairs = contentType ? { ':status': '200', 'content-type': contentType } : { ':status': '200' };
    const headers = Object.entries(pairs).map(([key, value]) => ({ key, raw_value: Buffer.from(value) }));
    this.call.write({ response_headers: { headers: { headers } } });
  }

  responseBody(body, endOfStream) { this.call.write({ response_body: { body, end_of_stream: endOfStream } }); }
}

function expect(answer, field) {
  if (answer.response !== field) throw new Error(`expected ${field}, got ${JSON.stringify(answer)}`);
  return answer[field];
}

const setHeaders = mutation =>
  Object.fromEntries(mutation.set_headers.map(({ header }) => [header.key.toLowerCase(), header.raw_value.toString() || header.value]));

const destinationIn = answer =>
  answer.dynamic_metadata.fields['envoy.lb'].structValue.fields['x-gateway-destination-endpoint'].stringValue;

// Reads streamed body answers up to the end of the stream.
async function readBody(exchange, field) {
  const pieces = [];
  for (;;) {
    const piece = expect(await exchange.read(), field).response.body_mutation.streamed_response;
    pieces.push(piece.body);
    if (piece.end_of_stream) {
      const whole = Buffer.concat(pieces);
      return { length: whole.length, pieces: pieces.length, largest: Math.max(...pieces.map(p => p.length)), hash: sha256(whole) };
    }
  }
}

function requestBody(size) {
  const start = '{"model":"m","prompt":"', end = '"}';
  const text = Buffer.alloc(size - start.length - end.length);
  for (let i = 0; i < text.length; i++) text[i] = 97 + (i * 7 + Math.floor(i / 26)) % 26;
  return Buffer.concat([Buffer.from(start), text, Buffer.from(end)]);
}

const scenarios = {
  async 'full-duplex'() {
    const body = requestBody(Number(options.size));
    const piece = Number(options.piece || MEGABYTE);
    const exchange = new Exchange();
    exchange.headers();
    for (let at = 0; at < body.length; at += piece) exchange.body(body.subarray(at, at + piece), false);
    exchange.body(Buffer.alloc(0), true);
    const answer = await exchange.read();
    const headers = setHeaders(expect(answer, 'request_headers').response.header_mutation);
    const request = await readBody(exchange, 'request_body');
    exchange.responseHeaders();
    expect(await exchange.read(), 'response_headers');
    exchange.responseBody(Buffer.from('data: first\n\n'), false);
    const first = expect(await exchange.read(), 'response_body').response.body_mutation.streamed_response.body.toString();
    exchange.responseBody(Buffer.alloc(0), true);
    await readBody(exchange, 'response_body');
    exchange.call.end();
    return { headers, metadata: destinationIn(answer), sent: sha256(body), request, first, ...await exchange.outcome() };
  },

  // Sends all of a body before it reads any of the answers; the request's last piece comes twice, as Envoy may send it.
  async 'reads-late'() {
    const body = requestBody(Number(options.size)), response = requestBody(Number(options.response));
    const exchange = new Exchange();
    exchange.headers();
    const last = Math.floor((body.length - 1) / MEGABYTE) * MEGABYTE;
    for (let at = 0; at < last; at += MEGABYTE) exchange.body(body.subarray(at, at + MEGABYTE), false);
    exchange.body(body.subarray(last), true);
    exchange.body(body.subarray(last), true);
    expect(await exchange.read(), 'request_headers');
    const request = await readBody(exchange, 'request_body');
    exchange.call.pause();
    exchange.responseHeaders('text/event-stream');
    for (let at = 0; at < response.length; at += 65536) exchange.responseBody(response.subarray(at, at + 65536), false);
    exchange.responseBody(Buffer.alloc(0), true);
    exchange.call.resume();
    const headers = setHeaders(expect(await exchange.read(), 'response_headers').response.header_mutation);
    const answered = await readBody(exchange, 'response_body');
    exchange.call.end();
    return { headers, sent: sha256(body), request, sentResponse: sha256(response), response: answered, ...await exchange.outcome() };
  },

  async buffered() {
    const exchange = new Exchange();
    exchange.headers({ mode: 2 });
    expect(await exchange.read(), 'request_headers');
    exchange.body(requestBody(Number(options.size)), true);
    const answer = await exchange.read();
    const headers = setHeaders(expect(answer, 'request_body').response.header_mutation);
    exchange.call.end();
    return { headers, metadata: destinationIn(answer), ...await exchange.outcome() };
  },

  async bodyless() {
    const exchange = new Exchange();
    exchange.headers({ endOfStream: true, path: '/v1/models', method: 'GET' });
    const headers = setHeaders(expect(await exchange.read(), 'request_headers').response.header_mutation);
    exchange.call.end();
    return { headers, ...await exchange.outcome() };
  },

  async 'not-json'() {
    const exchange = new Exchange();
    exchange.headers();
    exchange.body(Buffer.from('this is not JSON'), true);
    const immediate = expect(await exchange.read(), 'immediate_response');
    return { http: immediate.status.code, text: immediate.body.toString(), ...await exchange.outcome() };
  },

  async 'half-close-in-mid-body'() {
    const exchange = new Exchange();
    exchange.headers();
    exchange.body(requestBody(200000).subarray(0, 100000), false);
    exchange.call.end();
    return exchange.outcome();
  },

  async 'cancel-in-mid-body'() {
    const exchange = new Exchange();
    exchange.headers();
    exchange.body(requestBody(200000).subarray(0, 100000), false);
    process.once('SIGUSR2', () => exchange.call.cancel());
    console.log('sent');
    return exchange.outcome();
  },

  async 'too-large'() {
    const exchange = new Exchange();
    exchange.headers();
    exchange.body(Buffer.alloc(5 * MEGABYTE, 'x'), true);
    return exchange.outcome();
  },

  async deadline() {
    const exchange = new Exchange(500);
    exchange.headers();
    return exchange.outcome();
  },

  'unknown-method'() {
    const client = new grpc.Client(target, credentials, settings);
    const identity = bytes => bytes;
    return new Promise(resolve => client.makeUnaryRequest(
      '/envoy.service.ext_proc.v3.ExternalProcessor/Guess', identity, identity, Buffer.alloc(0), deadline(),
      error => { client.close(); resolve({ status: statusName(error ? error.code : 0), details: error && error.details }); }));
  },

  'health-check'() {
    const client = new Health(target, credentials, settings);
    return new Promise(resolve => client.Check({ service: options.service || '' }, deadline(), (error, answer) => {
      client.close();
      resolve(error ? { status: statusName(error.code), details: error.details } : { status: 'OK', serving: answer.status === 1 });
    }));
  },

  'health-list'() {
    const client = new Health(target, credentials, settings);
    return new Promise(resolve => client.List({}, deadline(), (error, answer) => {
      client.close();
      const services = answer && Object.fromEntries(Object.entries(answer.statuses).map(([name, value]) => [name, value.status]));
      resolve(error ? { status: statusName(error.code), details: error.details } : { status: 'OK', services });
    }));
  },

  'health-watch'() {
    const client = new Health(target, credentials, settings);
    const call = client.Watch({}, deadline());
    return new Promise(resolve => {
      const finish = outcome => { client.close(); resolve(outcome); };
      call.on('data', answer => { call.cancel(); finish({ status: 'OK', serving: answer.status === 1 }); });
      call.on('error', error => finish({ status: statusName(error.code) }));
    });
  },
};

scenarios[scenario]().then(
  outcome => console.log(JSON.stringify(outcome)),
  error => { console.error(error); process.exitCode = 1; });
