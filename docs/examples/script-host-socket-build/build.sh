#!/bin/sh
docker run -v /var/run/docker.sock:/var/run/docker.sock docker:24 docker build .
