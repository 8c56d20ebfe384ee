/** One sample of one language server: start, open a pipeline, type in it, hover, and how much memory that took. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { editsInGlobals, editsInJobs, hoverPlaces } from './edits.mjs';
import { LspClient } from './lsp-client.mjs';
import { quantile } from './stats.mjs';

const LEAST_EDITS = 5;
const GLOBAL_EDITS = 20;
const HOVERS = 60;
const SETTLE_MS = 500;

/**
 * @typedef {object} Sample times in milliseconds, memory in MiB; a key is missing when it was not measured
 * @property {number} initialize spawn to the answer of `initialize`
 * @property {number} first spawn to the first diagnostics
 * @property {number} open `didOpen` to its diagnostics
 * @property {number} [rss] memory after opening
 * @property {number} [p50] `didChange` to its diagnostics, typing inside jobs
 * @property {number} [p95] likewise
 * @property {number} [peak] greatest memory so far, after these edits
 * @property {number} [globals] median of `didChange` to diagnostics, typing in a global variable
 * @property {number} [hover] median of `hover` to its answer
 * @property {number} edits how many edits p50 is made of
 * @property {number} findings how many diagnostics the file had when opened
 * @property {number} hoverTexts how many hovers had a text
 * @property {number} extra publishes beyond one for each version
 */

/**
 * Runs a fresh server once over one file.
 * @param {readonly string[]} command program and arguments
 * @param {string} file an absolute path; its folder is the workspace
 * @param {{ edits: number, editSeconds: number }} limits of the typing
 * @returns {Promise<Sample>}
 * @throws when the server ends, or does not answer for a minute
 */
export async function measureServer(command, file, limits) {
  const folder = path.dirname(file);
  const text = readFileSync(file, 'utf8');
  const client = new LspClient(command, folder);
  try {
    const document = new OpenDocument(client, pathToFileURL(file).href, limits.editSeconds * 1000);
    const start = await open(client, document, pathToFileURL(folder).href, text);
    await sleep(SETTLE_MS);
    const rss = memory(client.pid, 'VmRSS');
    const inJobs = await document.type(editsInJobs(text, limits.edits));
    const peak = memory(client.pid, 'VmHWM');
    const inGlobals = await document.type(editsInGlobals(text, GLOBAL_EDITS));
    const hovers = start.canHover ? await hoverOver(client, document.uri, hoverPlaces(text, HOVERS)) : [];
    return {
      initialize: start.initialize,
      first: start.first,
      open: start.open,
      findings: start.findings,
      rss,
      peak,
      p50: quantile(inJobs, 0.5),
      p95: quantile(inJobs, 0.95),
      edits: inJobs.length,
      globals: quantile(inGlobals, 0.5),
      hover: quantile(
        hovers.map(({ took }) => took),
        0.5,
      ),
      hoverTexts: hovers.filter(({ result }) => result).length,
      extra: client.extraPublishes,
    };
  } finally {
    await client.stop();
  }
}

/** A document that is open in the server, and its version. */
class OpenDocument {
  #client;
  #budgetMs;
  #version = 1;

  constructor(client, uri, budgetMs) {
    this.#client = client;
    this.uri = uri;
    this.#budgetMs = budgetMs;
  }

  /** Sends each edit after the answer to the one before, until the time is used up; the times taken. */
  async type(edits) {
    const taken = [];
    const end = performance.now() + this.#budgetMs;
    for (const { line, character, text } of edits) {
      if (taken.length >= LEAST_EDITS && performance.now() > end) break;
      const version = ++this.#version;
      const position = { line, character };
      const answer = this.#client.diagnostics(version);
      const sent = this.#client.notify('textDocument/didChange', {
        textDocument: { uri: this.uri, version },
        contentChanges: [{ range: { start: position, end: position }, text }],
      });
      taken.push((await answer).arrived - sent);
    }
    return taken;
  }
}

async function open(client, document, rootUri, text) {
  const answer = await client.request('initialize', {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: 'bench' }],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: {
        publishDiagnostics: { versionSupport: true, relatedInformation: true },
        hover: { contentFormat: ['markdown', 'plaintext'] },
      },
    },
  });
  client.notify('initialized', {});
  const published = client.diagnostics(1);
  const sent = client.notify('textDocument/didOpen', {
    textDocument: { uri: document.uri, languageId: 'yaml', version: 1, text },
  });
  const { arrived, diagnostics } = await published;
  return {
    initialize: answer.arrived - client.spawned,
    first: arrived - client.spawned,
    open: arrived - sent,
    findings: diagnostics.length,
    canHover: Boolean(answer.result.capabilities.hoverProvider),
  };
}

async function hoverOver(client, uri, places) {
  const taken = [];
  for (const position of places) {
    const { sent, arrived, result } = await client.request('textDocument/hover', {
      textDocument: { uri },
      position,
    });
    taken.push({ took: arrived - sent, result });
  }
  return taken;
}

/** A memory figure of a process in MiB, on Linux only. */
function memory(pid, field) {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}
