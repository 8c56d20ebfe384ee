#!/bin/sh
docker logs engine
ping -c 1 engine
nc -zv engine 2376
