#!/bin/sh
curl -fsSL -o /usr/local/bin/gitlab-runner \
  https://gitlab-runner-downloads.s3.amazonaws.com/latest/binaries/gitlab-runner-linux-amd64
chmod 755 /usr/local/bin/gitlab-runner
gitlab-runner register --non-interactive \
  --url https://gitlab.example.com \
  --registration-token "$PROJECT_TOKEN" \
  --executor docker \
  --docker-image docker:24 \
  --docker-volumes /var/run/docker.sock:/var/run/docker.sock
