<?php
return [
  'defaults' => ['guard' => 'web', 'passwords' => 'users'],
  'guards' => ['api' => ['driver' => 'token', 'provider' => 'users', 'hash' => false]],
  'passwords' => ['users' => ['provider' => 'users', 'table' => 'password_resets', 'expire' => 60]],
  'password_timeout' => 10800,
];
