/** Makes the page of every rule from its description and its fixtures, so that no example can be wrong. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';

const LANGUAGES = { yml: 'yaml', yaml: 'yaml', toml: 'toml' };

/** Path and text of every page. Needs the compiled core (`tsc -b server`). */
export function documents() {
  const require = createRequire(resolve('package.json'));
  const { ruleInfos } = require(resolve('out/server/src/analysis/index.js'));
  const rules = ruleInfos();
  return new Map([
    ['docs/rules/README.md', overview(rules)],
    ...rules.map(rule => [`docs/rules/${rule.id}.md`, page(rule)]),
  ]);
}

function overview(rules) {
  const rows = rules.map(
    rule =>
      `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.fixable ? 'yes' : ''} | ${rule.title} |`,
  );
  return `# Rules\n\nThis page and those it links are made from the rules and their tests.\n\n| rule | severity | fix | what it finds |\n|---|---|---|---|\n${rows.join('\n')}\n\n${matrix(rules)}\n${MISSING_FIXES}${withoutFix()}\n${unseen(rules)}`;
}

/**
 * Why a rule does not look at a format, from `scripts/rule-formats.json`: what its group says of the format, what is so of
 * the format whatever the rule, what its group says of all others. `undefined` where nobody says why.
 */
export function reasonFor(table, rule, format) {
  const group = table.groups.find(({ rules }) => rules.includes(rule));
  return group && (group.why[format] ?? table.formats[format] ?? group.why['*']);
}

function matrix(rules) {
  const table = JSON.parse(readFileSync('scripts/rule-formats.json', 'utf8'));
  const formats = Object.keys(table.columns);
  const reasons = [];
  const number = reason => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return reasons.indexOf(reason) + 1;
  };
  const rows = rules.map(rule => {
    const cells = formats.map(format =>
      rule.dialects.includes(format) ? '✓' : number(reasonFor(table, rule.id, format)),
    );
    return `| ${[`[${rule.id}](${rule.id}.md)`, ...cells].join(' | ')} |`;
  });
  return `## Where each works

✓ with fixtures that show it; a number stands for the reason why not, below.

| rule | ${Object.values(table.columns).join(' | ')} |
|---${'|:-:'.repeat(formats.length)}|
${rows.join('\n')}

${reasons.map((reason, i) => `${i + 1}. ${reason}`).join('\n')}
`;
}

/** Formats in which a rule that has a fix has none, and the reasons. */
const MISSING_FIXES = `## Where a fix is missing

A rule with a fix offers it in each format and shape in which one edit is right, and nowhere else. On purpose there is none:

- for TLS between the dind service of a **workflow** and its job (\`certs-volume-missing\`, \`tls-port-mismatch-2375\`, \`tls-port-mismatch-2376\`, \`tls-client-not-enabled\`, \`tls-verify-without-cert-path\`, \`plain-tcp-deprecated\`): the certificates would go by a folder of the machine, and a hosted machine has docker already, so the fix is to leave the service out (\`gh-needless-dind\`);
- for privilege of a service of a **workflow** (\`dind-without-privileged\`, \`rootless-dind-still-privileged\`): it would only make what \`gh-privileged-service\` tells;
- for a flag that is all that a dind of a **workflow** is told (\`tls-flag-has-no-effect\`, \`tlsverify-false-no-client-auth\`, \`extra-host-flag-still-tls\`): without it, the whole service is needless;
- where an **expression** of a workflow makes the value (\`invalid-reference-format\`);
- in **Compose**, where certificates and keys lie on one volume (\`certs-whole-dir-shared\`): taking the keys off it would take the certificates from all who mount it;
- in **Compose**, where a client of the daemon cannot follow, or is not in view: one that has the plain port elsewhere too, one in another file, or outside of a port that is published (TLS), and where a list comes through \`<<\` (volumes, variables);
- in **Compose**, inside of a command that is given as a list (\`buildx-no-output\` and others about commands); and wherever no shell reads a command, or the quotes around it would change the new text (\`login-password-on-command-line\`, \`buildx-tls-env-context\`);
- for a password on the command line (\`login-password-on-command-line\`) where something else is on standard input, the login does not say for whom, the script prints its commands (\`set -x\`), or the shell may be none of Unix;
- in a **script**, for TLS (\`plain-tcp-deprecated\` and others) where the port is published, no client is in view, or one of them cannot follow; and for containers whose flags come from a variable;
- in a **Dockerfile**, for a setting that is there twice, or that something else reads;
- in **pods**, for TLS and the address of the daemon: where two dinds are in one pod and nothing tells which is meant (\`jenkins-k8s-pod-dind\`); where others than the containers of the pod may dial the daemon, by a port that one of them declares or a probe asks; where a client cannot follow, because its script, its arguments or another variable has the plain port, it creates builders of buildx, or its address comes from a Secret; where something else than an empty volume lies at the folder of the certificates; where the daemon is older than 18.09.8 or has a command of its own;
- in **pods**, for privilege (\`dind-without-privileged\`): where the security context forbids escalation or root, or names another user, so that the daemon would still not start;
- in **pods**, where an anchor or \`<<\` gives what would be changed to other containers as well;
- in **Jenkinsfiles**, where the arguments of a container are no literal, are those of two containers, or stand in \`/…/\`; where Groovy fills in the part that would be replaced; for an agent that is an image and nothing more (\`docker 'image'\`), which has no place for arguments;
- in **Jenkinsfiles**, for certificates: where no \`--link\` names the one container that has them, or the client looks in another folder. A volume with a name would be that of all builds on the machine, so they go by \`--volumes-from\`;
- in **Jenkinsfiles** and others, for what a script sets itself (\`tls-port-mismatch-2375\` and its kin), and for a DOCKER_TLS_VERIFY that says no (\`tls-verify-falsy-string\`) to a daemon out of view: nobody can tell whether it is to be \`"1"\` or nothing;
- for a cache of kaniko that has no repository (\`kaniko-cache-repo-missing\`), a repository by name, outside of GitLab, which alone has one at hand: there the cache is left out;
- for what hands out rights that somebody may need: the socket of the host, switches of a socket proxy, namespaces of the host;
`;

/** Why a rule that has a fix has none in a whole format; test/rule-formats.test.ts holds it against the fixtures. */
function withoutFix() {
  const { withoutFix: formats } = JSON.parse(readFileSync('scripts/rule-formats.json', 'utf8'));
  const nouns = { shell: 'script', dockerfile: 'Dockerfile' };
  return Object.entries(formats)
    .flatMap(([format, rows]) =>
      rows.map(
        row =>
          `- in a **${nouns[format]}** (${row.rules.map(rule => `\`${rule}\``).join(', ')}): ${row.why};\n`,
      ),
    )
    .join('')
    .replace(/;\n$/, '.\n');
}

/** Known failures that no rule can find, and those of which `drydock log` knows the words. */
function unseen(rules) {
  const { failures } = JSON.parse(readFileSync('data/failures.json', 'utf8'));
  const log = JSON.parse(readFileSync('data/log-signatures.json', 'utf8'));
  const told = new Set(
    log.groups.flatMap(({ signatures }) => signatures.flatMap(signature => signature.failures)),
  );
  const ids = new Set(rules.map(({ id }) => id));
  const rows = failures.map(
    ({ id, formats, what, why }) =>
      `| ${id} | ${formats.join(', ')} | ${what} | ${told.has(id) ? 'job log' : ''} | ${why} |`,
  );
  const only = log.failures
    .filter(({ id }) => !ids.has(id))
    .map(({ id, formats, title }) => `| ${id} | ${formats.join(', ')} | ${title} |`);
  return `## Failures that are no rule

These are known, and cannot be told from the files. Those marked _job log_ leave words in the log of a job, by which \`drydock log\` and the command _Drydock: Explain a Job Log…_ find them.

| failure | formats | what happens | found in | why it is no rule |
|---|---|---|---|---|
${rows.join('\n')}

## Failures of files that are not read yet

A job log tells these, too.

| failure | formats | what happens |
|---|---|---|
${only.join('\n')}
`;
}

function page(rule) {
  const facts = [
    `severity: ${rule.severity}`,
    `profile: ${rule.profile}`,
    `formats: ${rule.dialects.join(', ')}`,
    rule.fixable ? 'has a fix' : 'has no fix',
  ];
  const parts = [
    `# ${rule.title}`,
    `\`${rule.id}\` · ${facts.join(' · ')}`,
    rule.why,
    `**What to do.** ${rule.remedy}`,
    ...examples(rule),
  ];
  const syntax = `# drydock-ignore: ${rule.id} -- why`;
  parts.push(
    `## Ignoring it\n\nWrite \`${syntax}\` on the line or the line above, or an entry with a reason under \`ignore\` in \`.drydock.yml\`.`,
  );
  parts.push(
    `## Sources\n\n${rule.sources.map(source => `- ${source.startsWith('http') ? `<${source}>` : source}`).join('\n')}`,
  );
  return `${parts.join('\n\n')}\n`;
}

/** The smallest marked case of the rule, with its text after the fix. */
function examples(rule) {
  const folder = join('test/fixtures', rule.id);
  const cases = readdirSync(folder)
    .filter(name => !/\.fixed\./.test(name))
    .map(name => ({ name, files: filesOf(join(folder, name)) }))
    .filter(one => one.files.some(file => file.text.includes(` ${rule.id}`)))
    .sort((a, b) => length(a) - length(b) || (a.name < b.name ? -1 : 1));
  // Flow maps and bare minimum are for tests; people write blocks.
  const plain = cases.filter(one => one.files.every(file => !/[{&\r]|<<:/.test(file.text)));
  const best = plain.find(one => one.files.some(file => file.fixed)) ?? plain[0] ?? cases[0];
  if (!best) return [];
  const before = best.files.map(file => block(file.path, file.text, best.files.length > 1));
  const fixed = best.files.filter(file => file.fixed);
  const after = fixed.map(file => block(file.path, file.fixed, best.files.length > 1));
  return [
    `## Example\n\n${before.join('\n\n')}`,
    ...(after.length > 0 ? [`After the fix:\n\n${after.join('\n\n')}`] : []),
  ];
}

function length(one) {
  return one.files.reduce((sum, file) => sum + file.text.length, 0);
}

function filesOf(path) {
  const paths = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true })
        .map(name => join(path, name))
        .filter(file => statSync(file).isFile())
    : [path];
  return paths
    .filter(file => !/\.fixed\./.test(basename(file)))
    .sort()
    .map(file => ({
      path: file,
      text: readFileSync(file, 'utf8').replaceAll('\r', ''),
      fixed: readOr(file.replace(/(\.\w+)$/, '.fixed$1')),
    }));
}

function readOr(path) {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r', '');
  } catch {
    return undefined;
  }
}

function block(path, text, named) {
  const language = LANGUAGES[path.split('.').at(-1)] ?? '';
  return `${named ? `\`${basename(path)}\`\n\n` : ''}\`\`\`${language}\n${text.trimEnd().replaceAll(' 💡', '')}\n\`\`\``;
}
