kubectl create secret generic a --from-literal=password=@@random:20@@
