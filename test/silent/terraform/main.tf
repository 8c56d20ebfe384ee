# What looks like a runner's file and is none, or may be anything in the end.
locals {
  script = <<-EOT
    #!/bin/bash
    mkdir -p /etc/gitlab-runner
    cat > /etc/gitlab-runner/config.toml <<EOF
    [[runners]]
      nme = "x"
    EOF
  EOT

  without_shebang = <<EOT
TOKEN=abc
cat > config.toml <<'EOF'
[[runners]]
  nme = "x"
EOF
EOT

  cloud_init = <<EOT
#cloud-config
write_files:
  - path: /etc/gitlab-runner/config.toml
    content: |
      [[runners]]
        nme = "x"
EOT

  # note = <<EOT
  # [[runners]]
  #   nme = "x"
  # EOT

  filled_in = <<-EOT
    concurrent = ${var.concurrent}
    %{ for runner in var.runners ~}
    [[runners]]
      name = "${runner.name}"
      url = "https://gitlab.example.com/"
      token = "${runner.token}"
      executor = "docker"
      pre_build_script = "echo $${HOME}"
      ${indent(2, yamlencode({
        a = 1
      }))}
      [runners.docker]
        image = "%{ if runner.alpine }alpine:3.22%{ else }debian:13%{ endif }"
        volumes = [${join(", ", formatlist("\"%s\"", runner.volumes))}]
    %{ endfor ~}
  EOT

  never_closed = <<-EOT
    [[runners]]
      nme = "x"
}
