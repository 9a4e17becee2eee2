<?php
return ['password' => 'required|string|min:8|confirmed', 'token' => 'required|string'];
