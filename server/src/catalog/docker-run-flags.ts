/** The flags of docker run, for reading its arguments. */

/** Flags of `docker run` and `docker create` that take a value. Source: docker/cli docs/reference/commandline/container_run.md. */
export const RUN_FLAGS: ReadonlySet<string> = new Set(
  (
    '--add-host --annotation -a --attach --blkio-weight --blkio-weight-device --cap-add --cap-drop --cgroup-parent ' +
    '--cgroupns --cidfile --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime -c --cpu-shares --cpus ' +
    '--cpuset-cpus --cpuset-mems --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops ' +
    '--device-write-bps --device-write-iops --dns --dns-option --dns-search --domainname --entrypoint -e --env ' +
    '--env-file --expose --gpus --group-add --health-cmd --health-interval --health-retries --health-start-interval ' +
    '--health-start-period --health-timeout -h --hostname --ip --ip6 --ipc --isolation --kernel-memory -l --label ' +
    '--label-file --link --link-local-ip --log-driver --log-opt --mac-address -m --memory --memory-reservation ' +
    '--memory-swap --memory-swappiness --mount --name --net --net-alias --network --network-alias ' +
    '--oom-score-adj --pid --pids-limit --platform -p --publish --pull --restart --runtime --security-opt --shm-size ' +
    '--stop-signal --stop-timeout --storage-opt --sysctl --tmpfs --ulimit -u --user --userns --uts -v --volume ' +
    '--volume-driver --volumes-from -w --workdir'
  ).split(' '),
);
