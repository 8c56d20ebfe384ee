#!/bin/sh
docker run -d --name engine --privileged docker:24-dind
docker run --link engine:docker --env DOCKER_HOST=tcp://docker:2375 docker:24 docker build .
