#!/bin/sh
docker run -it -v /var/run/docker.sock:/var/run/docker.sock docker:24 sh
