#!/bin/sh
docker run -d --name engine --privileged docker:dind
docker run --rm --link engine:docker docker:latest docker ps
