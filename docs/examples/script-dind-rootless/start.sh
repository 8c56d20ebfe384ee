#!/bin/sh
docker run -d --name engine --privileged docker:dind-rootless
docker exec engine docker-entrypoint.sh docker info --format '{{json .SecurityOptions}}'
