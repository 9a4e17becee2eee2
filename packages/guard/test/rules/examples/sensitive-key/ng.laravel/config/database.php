<?php
return [
  'mysql' => [
     'username' => 'root',
     'password' => '@@password@@',
  ],
];
