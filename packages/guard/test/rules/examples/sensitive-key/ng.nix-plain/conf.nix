{
  services.x.password = "@@password@@";
  users.users.a.initialPassword = "@@weak@@";
}
