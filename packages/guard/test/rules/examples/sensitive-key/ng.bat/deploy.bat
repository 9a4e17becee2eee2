set DB_PASSWORD=@@random:20@@
