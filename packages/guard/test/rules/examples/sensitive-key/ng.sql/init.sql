CREATE USER app WITH PASSWORD '@@password@@';
ALTER USER root IDENTIFIED BY '@@password#2@@';
