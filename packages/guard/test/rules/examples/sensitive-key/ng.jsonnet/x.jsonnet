{ env: { DB_PASSWORD: '@@password@@' } }
