/user add name=a password=@@random:12@@
