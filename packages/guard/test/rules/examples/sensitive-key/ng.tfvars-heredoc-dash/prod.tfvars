db_password = <<-EOT
  @@random:20@@
EOT
