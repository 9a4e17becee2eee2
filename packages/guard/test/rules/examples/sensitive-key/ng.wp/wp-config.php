<?php
define( 'DB_NAME', 'wp' );
define( 'DB_USER', 'wp' );
define( 'DB_PASSWORD', '@@password@@' );
define( 'AUTH_KEY', '@@random:64:b62@@' );
