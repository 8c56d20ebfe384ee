#!/bin/sh
# gitlab-runner register --registration-token "$TOKEN" --docker-privileged --docker-volumes /var/run/docker.sock:/var/run/docker.sock
set -eu

docker run -d --name gitlab-runner --restart always \
  -v gitlab-runner-config:/etc/gitlab-runner \
  gitlab/gitlab-runner:v19.3.0

docker exec gitlab-runner gitlab-runner register \
  --non-interactive \
  --url "${GITLAB_URL}" \
  --token "${RUNNER_TOKEN}" \
  --executor docker \
  --docker-image alpine:3.22 \
  --docker-volumes /cache

cat <<'HELP'
To build images: gitlab-runner register --docker-privileged
HELP
echo "docker run docker:dind needs --privileged"
