resource "null_resource" "none" {
  triggers = {
    script = <<-EOT
      echo runners
    EOT
  }
}
