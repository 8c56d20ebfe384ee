/** A small language client over stdio that notes when each answer arrived. */
import { spawn } from 'node:child_process';

const TIMEOUT_MS = 60_000;

/**
 * One server process and the conversation with it. Times are milliseconds of `performance.now()`, taken when
 * the last byte of a message has arrived, before it is parsed.
 */
export class LspClient {
  #child;
  #buffer = [];
  #buffered = 0;
  #expected = -1;
  #nextId = 1;
  #waiting = new Map();
  #publishes = new Map();
  #stderr = '';
  #ended;

  /**
   * @param {readonly string[]} command program and arguments
   * @param {string} cwd the folder that the server starts in
   */
  constructor(command, cwd) {
    this.spawned = performance.now();
    this.#child = spawn(command[0], command.slice(1), { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', chunk => this.#receive(chunk));
    this.#child.stderr.on('data', chunk => {
      this.#stderr = (this.#stderr + chunk).slice(-500);
    });
    this.#child.stdin.on('error', () => {});
    this.#child.on('error', error => this.#end(error.message));
    this.#child.on('close', code => this.#end(`the server ended with code ${code} ${this.#stderr}`.trim()));
  }

  /** Process id of the server. */
  get pid() {
    return this.#child.pid;
  }

  /**
   * Sends a request.
   * @returns {Promise<{ sent: number, arrived: number, result: unknown }>}
   * @throws when the server answers with an error, ends, or is silent for a minute
   */
  async request(method, params) {
    const id = this.#nextId++;
    const sent = this.#send({ jsonrpc: '2.0', id, method, params });
    const { arrived, message } = await this.#wait(`response ${id}`, method);
    if (message.error) throw new Error(`${method}: ${message.error.message}`);
    return { sent, arrived, result: message.result };
  }

  /** Sends a notification. @returns {number} when it was sent */
  notify(method, params) {
    return this.#send({ jsonrpc: '2.0', method, params });
  }

  /**
   * The diagnostics that the server publishes for exactly this version of the open document.
   * @param {number} version
   * @returns {Promise<{ arrived: number, diagnostics: readonly unknown[] }>}
   * @throws when the server ends, or is silent for a minute
   */
  async diagnostics(version) {
    const { arrived, message } = await this.#wait(`publish ${version}`, `diagnostics of version ${version}`);
    return { arrived, diagnostics: message.params.diagnostics };
  }

  /** How many times diagnostics were published for a version that had some already, or for none. */
  get extraPublishes() {
    let extra = 0;
    for (const [version, count] of this.#publishes) extra += version === undefined ? count : count - 1;
    return extra;
  }

  /** Ends the server, by force if it does not end by itself. */
  async stop() {
    if (this.#ended !== undefined) return;
    const closed = new Promise(resolve => this.#child.once('close', resolve));
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    this.request('shutdown').then(
      () => this.notify('exit'),
      () => {},
    );
    await closed;
    clearTimeout(force);
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify(message));
    const head = `Content-Length: ${body.length}\r\n\r\n`;
    const sent = performance.now();
    this.#child.stdin.write(Buffer.concat([Buffer.from(head), body]));
    return sent;
  }

  #wait(key, what) {
    if (this.#ended !== undefined) return Promise.reject(new Error(this.#ended));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(key);
        reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s: ${what}`));
      }, TIMEOUT_MS);
      this.#waiting.set(key, { resolve, reject, timer });
    });
  }

  #receive(chunk) {
    const arrived = performance.now();
    this.#buffer.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered > 0 && this.#readHead() && this.#buffered >= this.#expected) {
      const whole = Buffer.concat(this.#buffer);
      const body = whole.subarray(0, this.#expected);
      this.#keep(whole.subarray(this.#expected));
      this.#expected = -1;
      this.#dispatch(JSON.parse(body.toString('utf8')), arrived);
    }
  }

  #readHead() {
    if (this.#expected >= 0) return true;
    const whole = Buffer.concat(this.#buffer);
    const end = whole.indexOf('\r\n\r\n');
    if (end < 0) return false;
    this.#expected = Number(/content-length: *(\d+)/i.exec(whole.toString('latin1', 0, end))?.[1]);
    this.#keep(whole.subarray(end + 4));
    return true;
  }

  #keep(rest) {
    this.#buffer = [rest];
    this.#buffered = rest.length;
  }

  #dispatch(message, arrived) {
    if (message.method === undefined) this.#settle(`response ${message.id}`, message, arrived);
    else if (message.id !== undefined) this.#answer(message);
    else if (message.method === 'textDocument/publishDiagnostics') {
      const { version } = message.params;
      this.#publishes.set(version, (this.#publishes.get(version) ?? 0) + 1);
      this.#settle(`publish ${version}`, message, arrived);
    }
  }

  #settle(key, message, arrived) {
    const waiter = this.#waiting.get(key);
    if (!waiter) return;
    this.#waiting.delete(key);
    clearTimeout(waiter.timer);
    waiter.resolve({ message, arrived });
  }

  #answer({ id, method, params }) {
    const result = method === 'workspace/configuration' ? params.items.map(() => null) : null;
    this.#send({ jsonrpc: '2.0', id, result });
  }

  #end(reason) {
    this.#ended ??= reason;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Error(this.#ended));
    }
    this.#waiting.clear();
  }
}
