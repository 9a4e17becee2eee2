{
  services.x.passwordFile = config.sops.secrets.pw.path;
  users.users.a.hashedPassword = "$6$abc$@@random:86:b62@@";
  security.pam.services.sudo.sshAgentAuth = true;
}
