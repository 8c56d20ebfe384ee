/** The shapes of GitLab jobs that generated pipelines are made of, right ones and mistaken ones. */

const DOCKER_RELEASES = ['27.5.1', '28.0.4', '28.3.3', '28.5.2'];
const LANGUAGES = [
  ['node:22-alpine', 'npm ci', 'npm test'],
  ['python:3.13-slim', 'pip install -r requirements.txt', 'pytest -q'],
  ['golang:1.24', 'go mod download', 'go test ./...'],
  ['maven:3.9-eclipse-temurin-21', 'mvn -q dependency:go-offline', 'mvn -q verify'],
];

/**
 * @typedef {object} Site
 * @property {string} name unique in its file, such as `billing-12`
 * @property {string | undefined} needs the name of an earlier job, if there is one
 * @property {string} base the hidden job that docker jobs extend
 * @property {ReturnType<import('./random.mjs').random>} random
 */

/** @param {Site} site */
function lint({ name, random }) {
  const [image, install] = random.pick(LANGUAGES);
  return [
    `lint:${name}:`,
    '  stage: lint',
    `  image: ${image}`,
    '  script:',
    `    - ${install}`,
    `    - echo checked ${name}`,
    '',
  ];
}

/** @param {Site} site */
function notify({ name }) {
  return [`notify:${name}:`, '  stage: deploy', '  needs: []', `  script: ["echo released ${name}"]`, ''];
}

/** @param {Site} site */
function unitTest({ name, random }) {
  const [image, install, run] = random.pick(LANGUAGES);
  return [
    `test:${name}:`,
    '  stage: test',
    `  image: ${image}`,
    '  retry: *retry',
    '  script:',
    `    - cd services/${name}`,
    `    - ${install}`,
    `    - ${run}`,
    `    - echo tested ${name}`,
    '',
  ];
}

/** @param {Site} site */
function databaseTest({ name }) {
  return [
    `integration:${name}:`,
    '  stage: test',
    '  services:',
    '    - postgres:16-alpine',
    '    - name: redis:7',
    '      alias: cache',
    '  variables:',
    '    POSTGRES_DB: app # thrown away with the job',
    '    POSTGRES_PASSWORD: example',
    '  script:',
    `    - echo integration ${name}`,
    '    - make integration',
    '',
  ];
}

/** @param {Site} site */
function dockerBuild({ name, base }) {
  return [
    `build:${name}:`,
    `  extends: ${base}`,
    '  script:',
    `    - echo build ${name}`,
    `    - docker build --pull -t "$IMAGE/${name}:$CI_COMMIT_SHORT_SHA" services/${name}`,
    `    - docker push "$IMAGE/${name}:$CI_COMMIT_SHORT_SHA"`,
    '  rules:',
    '    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH',
    `    - changes: [services/${name}/**/*]`,
    '',
  ];
}

/** @param {Site} site */
function dockerScript({ name, base, random }) {
  return [
    `# Builds ${name} for two platforms.`,
    `images:${name}:`,
    `  extends: [${base}]`,
    '  variables:',
    '    <<: *build-variables',
    `    SERVICE: ${name}`,
    '  script:',
    `    - echo images ${name}`,
    '    - |',
    `      for target in api ${random.pick(['worker', 'cron', 'migrate'])}; do`,
    `        docker build --target "$target" -t "$IMAGE/$SERVICE-$target" services/$SERVICE`,
    `        docker push "$IMAGE/$SERVICE-$target"`,
    '      done',
    '',
  ];
}

/** @param {Site} site */
function kaniko({ name }) {
  return [
    `kaniko:${name}:`,
    '  stage: build',
    '  image:',
    '    name: ghcr.io/osscontainertools/kaniko:v1.28.3-debug',
    '    entrypoint: [""]',
    '  script:',
    `    - echo kaniko ${name}`,
    '    - >-',
    '      /kaniko/executor --context "$CI_PROJECT_DIR"',
    `      --dockerfile "services/${name}/Dockerfile" --destination "$IMAGE/${name}"`,
    '',
  ];
}

/** @param {Site} site */
function deploy({ name, needs, random }) {
  return [
    `deploy:${name}:`,
    '  stage: deploy',
    '  image: alpine/k8s:1.31.3',
    ...(needs ? [`  needs: ["${needs}"]`] : []),
    '  script:',
    `    - echo deploy ${name}`,
    `    - kubectl set image deployment/${name} app="$IMAGE/${name}:$CI_COMMIT_SHORT_SHA"`,
    `  environment: ${random.pick(['staging', 'production'])}`,
    '  when: manual',
    '',
  ];
}

/** Plain TCP to a daemon that listens with TLS only. @param {Site} site */
export function plainTcp({ name, random }) {
  const release = random.pick(DOCKER_RELEASES);
  return [
    `legacy:${name}:`,
    '  stage: build',
    `  image: docker:${release}`,
    `  services: ["docker:${release}-dind"]`,
    '  variables:',
    '    DOCKER_HOST: tcp://docker:2375',
    '  script:',
    `    - echo legacy ${name}`,
    `    - docker build -t "$IMAGE/${name}" services/${name}`,
    '',
  ];
}

/** Tags that move. @param {Site} site */
function movingTag({ name }) {
  return [
    `moving:${name}:`,
    '  stage: build',
    '  image: docker:latest',
    '  services:',
    '    - docker:dind',
    '  variables:',
    '    DOCKER_TLS_CERTDIR: "/certs"',
    '  script:',
    `    - echo moving ${name}`,
    `    - docker build -t "$IMAGE/${name}" .`,
    '',
  ];
}

/** A password among the arguments. @param {Site} site */
function passwordArgument({ name, base }) {
  return [
    `publish:${name}:`,
    `  extends: ${base}`,
    '  script:',
    `    - echo publish ${name}`,
    '    - docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY',
    `    - docker push "$IMAGE/${name}"`,
    '',
  ];
}

/** An image that is no longer published. @param {Site} site */
function archivedKaniko({ name }) {
  return [
    `old-kaniko:${name}:`,
    '  stage: build',
    '  image:',
    '    name: gcr.io/kaniko-project/executor:v1.23.2-debug',
    '    entrypoint: [""]',
    '  script:',
    `    - echo old-kaniko ${name}`,
    `    - /kaniko/executor --context . --destination "$IMAGE/${name}"`,
    '',
  ];
}

const MISTAKES = [plainTcp, movingTag, passwordArgument, archivedKaniko];
const SOUND = [
  lint,
  lint,
  notify,
  notify,
  unitTest,
  unitTest,
  databaseTest,
  dockerBuild,
  dockerBuild,
  dockerScript,
  kaniko,
  deploy,
];

/** The shortest job, for the last lines of a file. */
export const shortest = notify;

/**
 * The lines of one job, an empty line last; a mistaken one now and then.
 * @param {Site} site
 * @returns {string[]}
 */
export function anyJob(site) {
  return site.random.pick(site.random.chance(0.08) ? MISTAKES : SOUND)(site);
}

/**
 * A hidden job with a docker daemon beside it, that later docker jobs extend.
 * @param {string} name with its leading dot
 * @param {ReturnType<import('./random.mjs').random>} random
 */
export function hiddenDocker(name, random) {
  const release = random.pick(DOCKER_RELEASES);
  return [
    `${name}:`,
    '  stage: build',
    `  image: docker:${release}-cli`,
    '  services:',
    `    - name: docker:${release}-dind`,
    '      alias: docker',
    '  variables:',
    '    DOCKER_HOST: tcp://docker:2376',
    '    DOCKER_TLS_CERTDIR: "/certs"',
    '',
  ];
}
