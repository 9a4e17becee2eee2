{ env: { DB_PASSWORD: std.extVar('pw'), secretName: 'x' } }
