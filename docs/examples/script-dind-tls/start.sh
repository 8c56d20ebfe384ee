#!/bin/sh
docker network create builds
docker run -d --name engine --privileged \
  --network builds --network-alias docker \
  --env DOCKER_TLS_CERTDIR=/certs \
  --volume engine-ca:/certs/ca \
  --volume engine-client:/certs/client \
  docker:dind
docker logs --tail 3 engine
docker run --rm --network builds \
  --env DOCKER_TLS_CERTDIR=/certs \
  --volume engine-client:/certs/client:ro \
  docker:latest info
