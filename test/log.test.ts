/** Holds the log lookup against every known error text, in all the dress that logs put on them, and against logs of others. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { explainLog, type LogReport, type Project, ruleInfos } from '../server/src/analysis/index.js';
import type { LogTable } from '../server/src/catalog/log-signatures.js';
import { cpuTimer } from './support/cpu-time.js';
import { runtimeData } from './support/data.js';
import { projectOf } from './support/project.js';

interface Known {
  readonly failure: string;
  readonly text: string;
}

const known: readonly Known[] = JSON.parse(readFileSync('test/data/log-texts.json', 'utf8'));
const table = runtimeData('log-signatures') as LogTable;
const ESC = '\u001b';

function explained(log: string, projects: readonly Project[] = []): LogReport {
  return explainLog(log, runtimeData, projects);
}

function failuresIn(log: string): readonly string[] {
  return explained(log).matches.flatMap(({ causes }) => causes.map(({ failure }) => failure));
}

/** What comes before and after the text in a log, and where the text's line is then. */
const dresses: Readonly<Record<string, (text: string) => string>> = {
  bare: text => text,
  'with colours': text => `${ESC}[31;1m${text}${ESC}[0;m`,
  'with colours that lost their escape': text => `[0K[31;1m${text}[0;m`,
  'behind the stamp of GitLab Runner': text => `2026-01-02T03:04:05.123456Z 00O ${text}`,
  'behind the stamp of GitHub': text => `2026-01-02T03:04:05.1234567Z ${text}`,
  'in a longer line': text => `time="2026-01-02T03:04:05Z" level=error msg="job 7: ${text} (exit status 1)"`,
  'after what a progress bar drew': text => `10%\r50%\r100%\r${text}`,
  'behind a section marker': text => `section_start:1767322811:step_script\r${ESC}[0K${text}`,
  'with the line ends of Windows': text => `first\r\n${text}\r\nlast`,
  'in a job that builds': text => {
    const noise = Array.from({ length: 200 }, (_, line) => `#${line % 9} 0.${line} step ${line}`);
    return [...noise, '$ docker build .', text, ...noise].join('\n');
  },
};

describe('every known error text is found', () => {
  for (const [dress, put] of Object.entries(dresses)) {
    it(dress, () => {
      const missed = known.filter(({ failure, text }) => !failuresIn(put(text)).includes(failure));
      assert.deepEqual(missed, []);
    });
  }

  it('in a log of GitHub, which shows nothing of Jenkins', () => {
    const put = (text: string) => `##[error]${text}`;
    const missed = known.filter(({ failure, text }) => !failuresIn(put(text)).includes(failure));
    assert.deepEqual(
      missed.filter(({ failure }) => !failure.startsWith('jenkins-')),
      [],
    );
    assert.ok(missed.some(({ failure }) => failure === 'jenkins-dind-sidecar-no-wait'));
  });

  it('on its line', () => {
    const { matches } = explained(`a\nb\r\nc\rd\n${known[0]?.text}\n`);
    assert.deepEqual(
      matches.map(({ line }) => line),
      [3],
    );
  });

  it('broken by a terminal, or by a runner that hands over half a line', () => {
    const text = 'Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?';
    const cut = text.indexOf('daemon at');
    const wrapped = `${text.slice(0, cut - 1)}\n${text.slice(cut)}`;
    const handed = `2026-01-02T03:04:05.1Z 00O ${text.slice(0, cut + 3)}\n2026-01-02T03:04:05.2Z 00O+${text.slice(cut + 3)}`;
    for (const log of [
      wrapped,
      handed,
      `x\n${handed}\n2026-01-02T03:04:06.1Z 00O Error: No such container: x`,
    ]) {
      assert.ok(failuresIn(log).includes('tls-port-mismatch-2375'), log);
    }
    assert.equal(
      explained(`x\n${handed}\n2026-01-02T03:04:06.1Z 00O Error: No such container: x`).matches[1]?.line,
      3,
    );
  });
});

describe('the table of error texts', () => {
  const words = new Set([...ruleInfos().map(({ id }) => id), ...table.failures.map(({ id }) => id)]);

  it('names failures that something is said about', () => {
    const unknown = table.signatures.flatMap(({ failures }) => failures.filter(id => !words.has(id)));
    assert.deepEqual(unknown, []);
    const unused = table.failures.filter(
      ({ id }) => !table.signatures.some(({ failures }) => failures.includes(id)),
    );
    assert.deepEqual(unused, []);
    for (const { id, title, fix } of table.failures) assert.ok(title.length > 9 && /\.$/.test(fix), id);
  });

  it('has no row that an earlier one hides', () => {
    const hidden = table.signatures.filter(({ text, failures }) => {
      const filled = text
        .replace(/\{host\}/g, 'db')
        .replace(/\{\w+\}/g, '/a')
        .replaceAll('*', ' x ');
      return !failures.every(failure => failuresIn(filled).includes(failure));
    });
    assert.deepEqual(hidden, []);
  });

  it('says where and when each group was read', () => {
    const { groups } = JSON.parse(readFileSync('data/log-signatures.json', 'utf8'));
    for (const { program, source, date } of groups) {
      assert.ok(source.length > 20, program);
      assert.match(date, /^20\d\d-\d\d-\d\d$/, program);
    }
  });
});

describe('other logs', () => {
  const folder = 'test/data/logs/unrelated';
  for (const name of readdirSync(folder)) {
    it(`say nothing: ${name}`, () => {
      assert.deepEqual(explained(readFileSync(join(folder, name), 'utf8')).matches, []);
    });
  }

  it('say nothing when they are empty or no text', () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256));
    for (const log of [
      '',
      '\n',
      '\0\0\0',
      '\ud800',
      bytes.toString('utf8'),
      'שלום\u202eolleh\n',
      '[0K'.repeat(9),
    ])
      assert.deepEqual(explained(log).matches, []);
  });

  it('do not hide an error among binary data and right-to-left text', () => {
    const log = `\0\u0001\ud800\n\u202eשגיאה: ${known[0]?.text}\u202c\0\n`;
    assert.ok(failuresIn(log).includes('tls-port-mismatch-2375'));
  });
});

describe('secrets', () => {
  it('never reach the answer', () => {
    const secret = 'CANARY1234567890abcdef';
    const shapes = [
      `glpat-${secret}`,
      `ghp_${secret}`,
      `eyJ${secret}.eyJ${secret}.${secret}`,
      `https://user:${secret}@docker:2376/v1.50`,
      `password=${secret}`,
      `"api_key": "${secret}"`,
      `-p ${secret}`,
      `Authorization: Bearer ${secret}`,
      `CI_JOB_TOKEN=${secret}`,
    ];
    const texts = [
      'error during connect: % lookup docker: no such host',
      'error checking push permissions % UNAUTHORIZED',
    ];
    for (const text of texts) {
      for (const shape of shapes) {
        const report = explained(text.replace('%', shape));
        assert.notEqual(report.matches.length, 0, shape);
        assert.ok(!JSON.stringify(report).includes(secret), `${shape}: ${report.matches[0]?.text}`);
      }
    }
  });
});

describe('large logs', () => {
  const line =
    '2026-01-02T03:04:05.123456Z 00O \u001b[32;1m#12 [stage 3] RUN npm install && echo done\u001b[0;m\n';
  const took = (log: string): number => {
    const runs = [1, 2, 3].map(() => {
      const time = cpuTimer();
      assert.ok(failuresIn(log).includes('tls-port-mismatch-2375'));
      return time();
    });
    return Math.min(...runs);
  };

  it('take as long as they are long', () => {
    const [small, large] = [2_000_000, 10_000_000].map(size =>
      took(line.repeat(size / line.length) + known[0]?.text),
    );
    assert.ok((large ?? 0) < 15 * (small ?? 0), `${small} ms and ${large} ms`);
  });

  it('may be one line, or the same error all over', () => {
    const text = known[0]?.text ?? '';
    const flat = `${'x'.repeat(5_000_000)} ${text} ${'y'.repeat(5_000_000)}`;
    assert.ok(failuresIn(flat).includes('tls-port-mismatch-2375'));
    const { matches } = explained(`${text}\n`.repeat(50_000));
    assert.equal(matches.length, 1);
    assert.ok((matches[0]?.times ?? 0) > 1000);
    assert.equal(explained(`${text} `.repeat(50_000)).matches.length, 1);
  });

  it('are read from their end where they are very long', () => {
    const { matches, unreadLines } = explained(
      `${known[0]?.text}\n${line.repeat(50_000_000 / line.length)}git: not found`,
    );
    assert.ok(unreadLines > 100_000);
    assert.deepEqual(
      matches.map(({ text, line: at }) => [text, at > unreadLines]),
      [['git: not found', true]],
    );
  });
});

describe('the executor that the log names', () => {
  const text = 'Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?';
  const ids = (first: string) => failuresIn(`${first}\n${text}`);

  it('rules out what another one has to do with', () => {
    for (const first of [
      'Preparing the "docker+machine" executor',
      'Using Docker executor with image a ...',
    ]) {
      const found = ids(first);
      assert.ok(found.includes('certs-volume-missing'), first);
      assert.deepEqual(
        found.filter(id => id.endsWith('-k8s')),
        [],
      );
    }
    const pod = ids('Preparing the "kubernetes" executor');
    assert.ok(pod.includes('certs-volume-missing-k8s'));
    assert.ok(!pod.includes('certs-volume-missing'));
    const shell = ids('Preparing the "shell" executor');
    assert.ok(!shell.some(id => id.startsWith('certs-volume-missing')));
  });

  it('leaves all where the log names none, or one of its own making', () => {
    for (const first of ['', 'Preparing the "custom" executor', 'echo Preparing the "docker" executor']) {
      const found = ids(first);
      assert.ok(found.includes('certs-volume-missing') && found.includes('certs-volume-missing-k8s'), first);
    }
  });
});

describe('with the project', () => {
  const pipeline = readFileSync('test/data/logs/workspace/.gitlab-ci.yml', 'utf8');
  const job = (name: string) => pipeline.slice(pipeline.indexOf(`${name}:`)).split('\n\n')[0] ?? '';
  const text = 'Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?';
  const sitesIn = (log: string, files: Readonly<Record<string, string>>) =>
    explained(log, [projectOf(Object.entries(files))]).matches[0]?.causes.flatMap(
      ({ site, failure, confidence }) => (site === undefined ? [] : [`${site} ${failure} ${confidence}`]),
    );
  const one = job('build-image');
  const two = one.replace('build-image', 'other').replace('docker info', 'docker version');

  it('names the job whose trace predicts the error', () => {
    assert.deepEqual(sitesIn(text, { '.gitlab-ci.yml': pipeline }), [
      'build-image tls-port-mismatch-2375 high',
      'push-image certs-volume-missing low',
    ]);
  });

  it('names all jobs that fit, and those that the log is of where it tells', () => {
    const files = { '.gitlab-ci.yml': `${one}\n${two}\n` };
    assert.deepEqual(sitesIn(text, files), [
      'build-image tls-port-mismatch-2375 medium',
      'other tls-port-mismatch-2375 medium',
    ]);
    assert.deepEqual(sitesIn(`$ docker version\n${text}`, files), ['other tls-port-mismatch-2375 high']);
    assert.deepEqual(sitesIn(`CI_JOB_NAME=build-image\n${text}`, files), [
      'build-image tls-port-mismatch-2375 high',
    ]);
  });

  it('names none that the log contradicts', () => {
    const files = { '.gitlab-ci.yml': `${one}\n` };
    assert.deepEqual(sitesIn(text.replace('2375', '2376'), files), []);
    assert.deepEqual(sitesIn(`Using Docker executor with image docker:27-cli ...\n${text}`, files), []);
    assert.deepEqual(sitesIn(`Using Docker executor with image docker:28.5.1-cli ...\n${text}`, files), []);
    assert.deepEqual(sitesIn(`$ make image\n${text}`, files), []);
    const pod = `Using Kubernetes executor with image docker:28.5.1-cli ...\n${text}`;
    assert.deepEqual(sitesIn(pod, files), ['build-image tls-port-mismatch-2375 high']);
  });

  it('names a fault that the files only make possible', () => {
    const files = { '.gitlab-ci.yml': job('push-image') };
    const causes = explained(`${text.replace('2375', '2376')}`, [projectOf(Object.entries(files))]).matches[0]
      ?.causes;
    assert.equal(causes?.[0]?.failure === undefined, false);
    assert.ok(causes?.every(({ confidence }) => confidence !== 'high'));
  });
});
