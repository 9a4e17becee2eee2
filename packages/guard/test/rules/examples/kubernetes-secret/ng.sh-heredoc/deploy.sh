kubectl apply -f - <<EOF
apiVersion: v1
kind: Secret
metadata:
  name: a
stringData:
  password: @@random:20@@
EOF
