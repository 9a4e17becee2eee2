ALTER TABLE users ADD COLUMN password_digest VARCHAR(60) NOT NULL DEFAULT '';
COMMENT ON COLUMN users.password IS 'bcrypt hash of the password';
SELECT * FROM users WHERE token = $1 AND password = crypt('x', password);
CREATE ROLE app LOGIN PASSWORD NULL;
CREATE USER app IDENTIFIED BY '${DB_PASSWORD}';
INSERT INTO settings(key, value) VALUES ('password_policy', 'strong');
GRANT SELECT ON secrets TO app;
